import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it, type TestCloud } from '../support/cloud.ts';
import { it as inFolder } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';
import { byPath, inTurn, reply, say, wire } from '../support/wire.ts';

const uuid = '11111111-2222-3333-4444-555555555555';

const create = (cloud: TestCloud, name = 'one') =>
  cloud.run(['api', 'POST', 'v2/images', '--data', JSON.stringify({ id: uuid, name })]);

const formats = { disk_format: 'raw', container_format: 'bare' };

describe('api', () => {
  it('prints what comes back as JSON, or in the format that is chosen', async ({ cloud }) => {
    const made = await create(cloud);
    expect(made).toMatchObject({ err: '', code: 0 });
    expect(JSON.parse(made.out)).toMatchObject({ id: uuid, name: 'one', status: 'queued' });
    const shown = `api GET v2/images/${uuid}`;
    expect(JSON.parse((await cloud.run(shown)).out)).toEqual(await cloud.json(`image-show ${uuid}`));
    expect((await cloud.run(`${shown} --noindent -c name -c status`)).out).toBe(
      '{"name":"one","status":"queued"}\n',
    );
    expect((await cloud.run(`${shown} -f value -c name`)).out).toBe('one\n');
    expect((await cloud.run(`${shown} -f yaml -c name`)).out).toBe('name: one\n');
  });

  it('takes a path with or without its slash, a query, and the whole address', async ({ cloud }) => {
    await create(cloud, 'a');
    await cloud.run(['api', 'post', '/v2/images', '--data', '{"name": "b"}']);
    const root = cloud.env.OS_AUTH_URL?.replace('/v3', '/image');
    for (const path of ['v2/images', '/v2/images', `${root}/v2/images`]) {
      const { images } = await cloud.json<{ images: { name: string }[] }>([
        'api',
        'get',
        `${path}?sort=name:desc&limit=1`,
      ]);
      expect(images.map(({ name }) => name)).toEqual(['b']);
    }
  });

  it('changes an image by a patch from a file or a pipe', async ({ cloud, path }) => {
    await create(cloud);
    writeFileSync(path('patch.json'), '[{"op": "replace", "path": "/name", "value": "two"}]');
    expect(await cloud.run(`api PATCH v2/images/${uuid} --data @${path('patch.json')}`)).toMatchObject({
      code: 0,
    });
    expect((await cloud.json(`image-show ${uuid}`)).name).toBe('two');
    writeFileSync(path('patch.json'), '[{"op": "replace", "path": "/name", "value": "three"}]');
    const stdin = openSync(path('patch.json'), 'r');
    expect(await cloud.run(`api PATCH v2/images/${uuid} --data @-`, { stdin })).toMatchObject({ code: 0 });
    expect((await cloud.json(`image-show ${uuid}`)).name).toBe('three');
  });

  it('sends and fetches the data of an image byte by byte', async ({ cloud, path }) => {
    await cloud.run(['api', 'POST', 'v2/images', '--data', JSON.stringify({ id: uuid, ...formats })]);
    const data = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 251));
    writeFileSync(path('disk'), data);
    const put = ['api', 'PUT', `v2/images/${uuid}/file`, '--data', `@${path('disk')}`];
    expect(await cloud.run(put)).toMatchObject({ out: '', err: '', code: 0 });
    const file = `api GET v2/images/${uuid}/file`;
    expect((await cloud.run(file)).bytes.equals(data)).toBe(true);
    expect(await cloud.run(`${file} -o ${path('copy')}`)).toMatchObject({ out: '', err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
    const part = await cloud.run([...file.split(' '), '-H', 'Range: bytes=5-9', '-o', '-']);
    expect(part.bytes.equals(data.subarray(5, 10))).toBe(true);
    expect(await cloud.run(file, { terminal: 80 })).toMatchObject({
      out: '',
      err: expect.stringContaining('The answer is application/octet-stream, not for a terminal'),
      code: 2,
    });
  });

  it('says nothing when nothing comes back, but a sentence on a terminal', async ({ cloud }) => {
    await create(cloud);
    expect(await cloud.run(`api PUT v2/images/${uuid}/tags/new`)).toMatchObject({
      out: '',
      err: '',
      code: 0,
    });
    expect(await cloud.run(`api DELETE v2/images/${uuid}`, { terminal: 80 })).toMatchObject({
      out: '',
      err: 'The service answered 204\n',
      code: 0,
    });
  });

  it('ends with the code of the refusal, and leaves the words of the service to a script', async ({
    cloud,
  }) => {
    const missing = `api GET v2/images/${uuid}`;
    const { out, err, code } = await cloud.run(missing);
    expect(code).toBe(4);
    expect(err).toMatch(/^HTTP 404 Not Found: .*\n$/);
    expect(out).toContain('404 Not Found');
    expect((await cloud.run(missing, { terminal: 80 })).out).toBe('');
    await create(cloud);
    expect((await create(cloud)).code).toBe(5);
  });

  it('P1: a refusal leaves a file as it was', async ({ cloud, path }) => {
    writeFileSync(path('file'), 'before');
    expect(await cloud.run(`api GET v2/images/${uuid}/file -o ${path('file')}`)).toMatchObject({
      out: '',
      code: 4,
    });
    expect(readFileSync(path('file'), 'utf8')).toBe('before');
  });

  it('shows the list of versions, a choice being no refusal', async ({ cloud }) => {
    const { versions } = await cloud.json<{ versions: object[] }>('api GET /');
    expect(versions.length).toBeGreaterThan(1);
  });

  it.for<[string, string[]]>([
    ['TRACE', ['TRACE', 'v2/images']],
    ["'.'", ['GET', 'v2/./images']],
    ["'..'", ['GET', 'v2/images/../../x']],
    ["'%2e%2E'", ['GET', '/%2e%2E/x']],
    ["'..'", ['GET', 'v2/images/a%2f..%2fb']],
    ['"\\\\"', ['GET', 'v2\\..\\x']],
    ['"#"', ['GET', 'v2/images#x']],
    ['"\\n"', ['GET', 'v2/im\nages']],
    ['http://127.0.0.1:1/v2/images', ['GET', 'http://127.0.0.1:1/v2/images']],
    ['file:///etc/passwd', ['GET', 'file:///etc/passwd']],
    ['http://[/', ['GET', 'http://[/']],
    ['GET sends nothing', ['GET', 'v2/images', '--data', '{}']],
    ["'nonsense' is not a header", ['GET', 'v2/images', '-H', 'nonsense']],
    ["'x: \\ny' is not a header", ['GET', 'v2/images', '-H', 'x: \ny']],
    ["The header 'X-Auth-Token'", ['GET', 'v2/images', '-H', 'X-Auth-Token: mine']],
    ["The header 'content-LENGTH'", ['POST', 'v2/images', '-H', 'content-LENGTH: 7']],
    ['none.json', ['POST', 'v2/images', '--data', '@none.json']],
    ['--data @- wants data', ['POST', 'v2/images', '--data', '@-']],
  ])('P37: refuses %s before anything is sent', async ([word, words], { cloud }) => {
    const { out, err, code } = await cloud.run(['api', ...words]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(word);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });
});

/** `api` at a server that answers as it is told; a token and an address are all that is needed. */
const at = (url: string, words: string[], env = {}) =>
  tglance(['--os-auth-token', 'the-token', '--os-image-url', `${url}/image/v2/`, 'api', ...words], { env });

describe('api, on the wire', () => {
  inFolder('sends what is asked for, and says what kind it is', async ({ path }) => {
    const server = await wire(reply(200, {}));
    writeFileSync(path('bytes'), Buffer.from([0xff, 0x00]));
    const patch = '[{"op": "remove", "path": "/x"}]';
    await at(server.url, ['POST', 'v2/tasks', '--data', '{"type": "import"}']);
    await at(server.url, ['PATCH', 'v2/images/a', '--data', patch]);
    await at(server.url, ['PATCH', 'v2/images/a', '--data', patch, '-H', 'content-type:  text/x  ']);
    await at(server.url, ['POST', 'v2/images', '--data', 'words']);
    await at(server.url, ['POST', 'v2/images', '--data', `@${path('bytes')}`]);
    await at(server.url, ['PUT', 'v2/images/a/file', '--data', '{}', '-H', 'A: 1', '--header', 'a: 2']);
    await at(server.url, ['POST', 'v2/images/a/actions/deactivate']);
    const octets = 'application/octet-stream';
    expect(server.seen.map(({ path, headers, body }) => [path, headers['content-type'], body])).toEqual([
      ['/image/v2/tasks', 'application/json', '{"type": "import"}'],
      ['/image/v2/images/a', 'application/openstack-images-v2.1-json-patch', patch],
      ['/image/v2/images/a', 'text/x', patch],
      ['/image/v2/images', octets, 'words'],
      ['/image/v2/images', octets, '\xff\0'],
      ['/image/v2/images/a/file', octets, '{}'],
      ['/image/v2/images/a/actions/deactivate', undefined, ''],
    ]);
    expect(server.seen.every(({ headers }) => headers['x-auth-token'] === 'the-token')).toBe(true);
    expect(server.seen[5]?.headers.a).toBe('1, 2');
  });

  inFolder('P23: -i prints status and headers without secrets and escapes; HEAD always does', async () => {
    const answer = say(
      'HTTP/1.1 201 Made\r\nContent-Type: application/json\r\nX-Subject-Token: secret\r\nX-Odd: a\x9b31mb\r\nContent-Length: 9\r\n\r\n',
      '{"a":"b"}',
    );
    const head = say('HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\n');
    const server = await wire(byPath({ 'GET /image/x': answer, 'HEAD /image/x': head }));
    expect((await at(server.url, ['GET', 'x', '-i', '--noindent'])).out).toBe(
      'HTTP/1.1 201\ncontent-type: application/json\nx-subject-token: ***\nx-odd: a\\xc2\\x9b31mb\ncontent-length: 9\n\n{"a":"b"}\n',
    );
    expect((await at(server.url, ['HEAD', 'x'])).out).toBe('HTTP/1.1 200\nx-a: b\ncontent-length: 5\n\n');
  });

  inFolder('P29: the token goes to no other server, redirected or not', async () => {
    const other = await wire(reply(200, {}));
    const server = await wire(reply(302, '', { location: `${other.url}/x` }));
    expect(await at(server.url, ['GET', 'v2/images/a/file'])).toMatchObject({ out: '', code: 6 });
    expect(await at(server.url, ['GET', `${other.url}/image/v2/images`])).toMatchObject({
      out: '',
      err: expect.stringContaining(`'${other.url}/image/v2/images' is not at ${server.url}`),
      code: 2,
    });
    expect(await at(server.url, ['GET', `${server.url}@${other.url.slice(7)}/x`])).toMatchObject({ code: 2 });
    await at(server.url, ['GET', `//${other.url.slice(7)}/x`]);
    await at(server.url, ['GET', `@${other.url.slice(7)}/x`]);
    expect(other.seen).toEqual([]);
  });

  inFolder('P13: what can be repeated is, and nothing else', async () => {
    const busy = reply(503, 'busy');
    const get = await wire(inTurn(busy, reply(200, { ok: true })));
    expect((await at(get.url, ['GET', 'x', '--noindent'])).out).toBe('{"ok":true}\n');
    const post = await wire(inTurn(busy, reply(200, {})));
    expect(await at(post.url, ['POST', 'x'])).toMatchObject({ out: 'busy', code: 1 });
    expect(post.seen.length).toBe(1);
  });

  inFolder('lists are rows in tables', async () => {
    const server = await wire(
      reply(200, [
        { id: 1, a: 'x' },
        { id: 2, b: null },
      ]),
    );
    expect((await at(server.url, ['GET', 'x', '--noindent'])).out).toBe(
      '[{"id":1,"a":"x"},{"id":2,"b":null}]\n',
    );
    expect((await at(server.url, ['GET', 'x', '-f', 'csv', '-c', 'id', '-c', 'a'])).out).toBe(
      '"id","a"\n1,"x"\n2,""\n',
    );
  });

  inFolder.for(['"a\\u009bb"', 'true', '7', '[1,"x"]', '[]', '{"__proto__":{"a":1}}'])(
    'P35: %s is shown as it is',
    async (json) => {
      const server = await wire(reply(200, json, { 'content-type': 'application/json' }));
      expect(await at(server.url, ['GET', 'x'])).toMatchObject({ err: '', code: 0 });
      const { out } = await at(server.url, ['GET', 'x', '--noindent']);
      expect(JSON.stringify(JSON.parse(out))).toBe(JSON.stringify(JSON.parse(json)));
      expect(out).not.toContain('\x9b');
    },
  );

  inFolder('P35: broken JSON is one line, and can be had as it is', async () => {
    const server = await wire(reply(200, '{"a":', { 'content-type': 'application/json' }));
    expect(await at(server.url, ['GET', 'x'])).toMatchObject({
      out: '',
      err: `${server.url}/image/x answered with broken JSON where JSON was expected\n`,
      code: 6,
    });
    expect((await at(server.url, ['GET', 'x', '-o', '-'])).out).toBe('{"a":');
  });
});
