import { expect, it } from 'vitest';
import { filled, freshSandbox, jsonOf, made } from './talk.ts';

const images = '/image/v2/images';
const nowhere = '00000000-0000-0000-0000-000000000000';

it('answers schemas with the fields that it checks', async () => {
  const { demo } = await freshSandbox();
  interface Schema {
    readonly properties: Record<
      string,
      { enum?: string[]; readOnly?: boolean; is_base?: boolean; type?: unknown }
    >;
  }
  const { properties } = jsonOf<Schema>(await demo('GET', '/image/v2/schemas/image'));
  expect(properties.visibility?.enum).toEqual(['community', 'public', 'private', 'shared']);
  expect(properties.checksum?.readOnly).toBe(true);
  expect(properties.os_distro?.is_base).toBe(false);
  const image = jsonOf(await demo('GET', `${images}/${await filled(demo)}`));
  expect(Object.keys(image).filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
  for (const name of ['images', 'member', 'members', 'task', 'tasks']) {
    expect(jsonOf(await demo('GET', `/image/v2/schemas/${name}`)).name).toBe(
      name.replace(/^(member|task)s$/, '$1s'),
    );
  }
  expect((await demo('GET', '/image/v2/schemas/toString')).status).toBe(404);
});

it('writes refusals as HTML, JSON or plain text, by what is accepted', async () => {
  const { demo } = await freshSandbox();
  const id = 'a&b';
  const ask = (accept?: string) =>
    demo('GET', `${images}/${encodeURIComponent(id)}`, accept === undefined ? {} : { headers: { accept } });
  const html = await ask('*/*');
  expect(html.headers['content-type']).toBe('text/html; charset=UTF-8');
  expect(html.bytes.toString()).toBe(
    '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID a&amp;b<br /><br />\n\n\n\n </body>\n</html>',
  );
  expect(jsonOf(await ask('text/plain, application/json'))).toEqual({
    message: 'No image found with ID a&b<br /><br />\n\n\n',
    code: '404 Not Found',
    title: 'Not Found',
  });
  const plain = await ask();
  expect(plain.headers['content-type']).toBe('text/plain; charset=UTF-8');
  expect(plain.bytes.toString()).toBe('404 Not Found\n\nNo image found with ID a&b\n\n   ');
});

it('knows which methods a path takes, and asks for the token first', async () => {
  const { demo, nobody } = await freshSandbox();
  const id = await made(demo);
  for (const [method, path, allow] of [
    ['DELETE', images, 'GET, POST'],
    ['HEAD', images, 'GET, POST'],
    ['PUT', `${images}/${id}`, 'GET, PATCH, DELETE'],
    ['HEAD', `${images}/${id}/file`, 'GET, PUT'],
    ['GET', `${images}/${id}/import`, 'POST'],
  ] as const) {
    const answer = await demo(method, path);
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  }
  expect((await demo('GET', '/image/v2/nope')).status).toBe(404);
  expect((await demo('GET', `${images}/${nowhere}`, { bytes: [Buffer.from('x')] })).status).toBe(400);
  for (const path of [images, '/image/v2/nope', '/image/v2', `${images}/${id}/file`]) {
    const answer = await nobody('GET', path);
    expect([path, answer.status]).toEqual([path, 401]);
  }
});
