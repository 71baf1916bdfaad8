import { expect, it } from 'vitest';
import { filled, freshSandbox, jsonOf, made, said } from './talk.ts';

const images = '/image/v2/images';
const patch21 = { 'content-type': 'application/openstack-images-v2.1-json-patch' };

it('makes an image with exactly the fields that Glance gives a new one', async () => {
  const { sandbox, demo } = await freshSandbox({ clock: () => Date.parse('2026-01-31T12:00:00.9Z') });
  const answer = await demo('POST', images, { json: {} });
  expect(answer.status).toBe(201);
  const { id, ...fields } = jsonOf<{ id: string }>(answer);
  expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(fields).toEqual({
    name: null,
    status: 'queued',
    visibility: 'shared',
    protected: false,
    os_hidden: false,
    disk_format: null,
    container_format: null,
    min_disk: 0,
    min_ram: 0,
    owner: sandbox.credentials.demo.projectId,
    size: null,
    virtual_size: null,
    checksum: null,
    os_hash_algo: null,
    os_hash_value: null,
    tags: [],
    created_at: '2026-01-31T12:00:00Z',
    updated_at: '2026-01-31T12:00:00Z',
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    schema: '/v2/schemas/image',
  });
  expect(answer.headers).toMatchObject({
    location: `http://sandbox.invalid/image/v2/images/${id}`,
    'openstack-image-import-methods': 'glance-direct,web-download,copy-image',
    'openstack-image-store-ids': 'fast,cheap,web',
  });
});

it('keeps names that JavaScript finds special, and text that terminals do', async () => {
  const { demo } = await freshSandbox();
  const json = JSON.parse(
    '{"__proto__": "x", "constructor": "y", "name": "a\\u0000\\n\\u001b[31m\\u202e ✅", "tags": ["b", "a", "b"]}',
  );
  const { id } = jsonOf<{ id: string }>(await demo('POST', images, { json }));
  const image = jsonOf(await demo('GET', `${images}/${id}`));
  expect(Object.entries(image)).toEqual(
    expect.arrayContaining([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['name', 'a\0\n\x1b[31m\u202e ✅'],
      ['tags', ['b', 'a']],
    ]),
  );
});

it.each([
  [{ name: 5 }, 400, "Provided object does not match schema 'image': 5 is not of type 'null', 'string'"],
  [{ tags: 'x' }, 400, "Provided object does not match schema 'image': 'x' is not of type 'array'"],
  [
    { visibility: 'x' },
    400,
    "Provided object does not match schema 'image': 'x' is not one of ['community', 'public', 'private', 'shared']",
  ],
  [{ id: '../etc' }, 400, "Provided object does not match schema 'image': '../etc' does not match"],
  [{ colour: 1 }, 400, "Provided object does not match schema 'image': 1 is not of type 'string'"],
  [{ colour: null }, 400, "Provided object does not match schema 'image': None is not of type 'string'"],
  [{ name: 'x'.repeat(256) }, 400, "xx' is too long"],
  [{ ['k'.repeat(256)]: 'v' }, 400, 'Custom property should not be greater than 255 characters.'],
  [{ min_disk: -1 }, 400, "Invalid value '-1' for parameter 'min_disk': Cannot be a negative value"],
  [{ min_ram: 2 ** 31 }, 400, "'min_ram' value out of range, must not exceed 2147483647."],
  [{ name: 'a💿' }, 400, "Name can't contain 4 byte unicode characters."],
  [{ size: 1 }, 403, "Attribute 'size' is read-only."],
  [{ status: 'active' }, 403, "Attribute 'status' is read-only."],
  [
    { os_glance_x: 'y' },
    403,
    "Access was denied to this resource.\n\n Attribute 'os_glance_x' is reserved.  ",
  ],
  [
    { owner: 'x' },
    403,
    "Access was denied to this resource.\n\n You are not permitted to create images owned by 'x'  ",
  ],
  [{ visibility: 'public' }, 403, 'You are not authorized to complete publicize_image action.'],
  [
    { tags: Array.from({ length: 129 }, (_, at) => `t${at}`) },
    413,
    'The limit has been exceeded on the number of allowed image tags. Attempted: 129, Maximum: 128',
  ],
])('refuses to make %j', async (json, status, words) => {
  const { demo } = await freshSandbox();
  const answer = await demo('POST', images, { json });
  expect([answer.status, answer.bytes.toString()]).toEqual([status, expect.stringContaining(words)]);
  expect(jsonOf<{ images: unknown[] }>(await demo('GET', images)).images).toEqual([]);
});

it('gives an id once: not twice, not to another project, and not after the image is deleted', async () => {
  const { demo, other } = await freshSandbox();
  const id = await made(demo);
  for (const user of [demo, other]) {
    const answer = await user('POST', images, { json: { id } });
    expect([answer.status, said(answer)]).toEqual([409, `Image ID ${id} already exists!`]);
  }
  expect((await demo('DELETE', `${images}/${id}`)).status).toBe(204);
  expect((await demo('POST', images, { json: { id } })).status).toBe(409);
});

it('hides images of other projects as if they were not there, and shows community ones without a say in them', async () => {
  const { demo, other, admin } = await freshSandbox();
  const hidden = await made(demo);
  const open = await made(demo, { visibility: 'community' });
  const rename = { json: [{ op: 'replace', path: '/name', value: 'x' }], headers: patch21 };
  for (const [method, path, words] of [
    ['GET', '', `No image found with ID ${hidden}`],
    ['GET', '/file', `No image found with ID ${hidden}`],
    ['PUT', '/tags/x', `Image ${hidden} not found.`],
    ['GET', '/members', `Image ${hidden} not found.`],
    ['POST', '/actions/deactivate', `No image found with ID ${hidden}`],
    ['DELETE', '', `Failed to find image ${hidden} to delete`],
  ] as const) {
    const answer = await other(method, `${images}/${hidden}${path}`);
    expect([answer.status, said(answer)]).toEqual([404, words]);
  }
  expect((await other('GET', `${images}/${open}`)).status).toBe(200);
  for (const [action, answer] of [
    ['modify_image', await other('PATCH', `${images}/${open}`, rename)],
    ['modify_image', await other('PUT', `${images}/${open}/tags/x`)],
    ['upload_image', await other('PUT', `${images}/${open}/file`, { bytes: [Buffer.from('x')] })],
    ['deactivate', await other('POST', `${images}/${open}/actions/deactivate`)],
    ['delete_image', await other('DELETE', `${images}/${open}`)],
  ] as const) {
    expect([answer.status, said(answer)]).toEqual([
      403,
      `You are not authorized to complete ${action} action.`,
    ]);
  }
  expect((await admin('PATCH', `${images}/${hidden}`, rename)).status).toBe(200);
});

it('does not delete a protected image, for nobody', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await made(demo, { protected: true });
  for (const user of [demo, admin]) {
    const answer = await user('DELETE', `${images}/${id}`);
    expect([answer.status, said(answer)]).toEqual([403, `Image ${id} is protected and cannot be deleted.`]);
  }
});

it('puts tags on an image and takes them off', async () => {
  const { demo } = await freshSandbox();
  const id = await made(demo, { tags: ['a'] });
  expect((await demo('PUT', `${images}/${id}/tags/${encodeURIComponent('ä b')}`)).status).toBe(204);
  expect((await demo('PUT', `${images}/${id}/tags/a`)).status).toBe(204);
  expect(jsonOf(await demo('GET', `${images}/${id}`)).tags).toEqual(['a', 'ä b']);
  expect((await demo('DELETE', `${images}/${id}/tags/a`)).status).toBe(204);
  expect((await demo('DELETE', `${images}/${id}/tags/a`)).status).toBe(404);
  expect((await demo('PUT', `${images}/${id}/tags/${'x'.repeat(256)}`)).status).toBe(400);
  expect((await demo('PUT', `${images}/${id}/tags/a%2Fb`)).status).toBe(404);
});

it('takes an active image out of use and back, and no other one', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await filled(demo);
  const turn = (verb: string, it = id) => demo('POST', `${images}/${it}/actions/${verb}`);
  for (const verb of ['reactivate', 'deactivate', 'deactivate']) expect((await turn(verb)).status).toBe(204);
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({ status: 'deactivated' });
  expect(jsonOf(await demo('GET', `${images}/${id}`)).stores).toBeUndefined();
  expect(said(await demo('GET', `${images}/${id}/file`))).toContain(
    'The requested image has been deactivated.',
  );
  expect((await admin('GET', `${images}/${id}/file`)).bytes.toString()).toBe('hello world');
  expect((await turn('reactivate')).status).toBe(204);
  const queued = await made(demo);
  const answer = await turn('deactivate', queued);
  expect([answer.status, said(answer)]).toEqual([403, "Not allowed to deactivate image in status 'queued'"]);
});
