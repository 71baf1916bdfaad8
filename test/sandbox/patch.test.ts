import { expect, it } from 'vitest';
import { filled, freshSandbox, jsonOf, made } from './talk.ts';

const images = '/image/v2/images';
const patch21 = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
const patch20 = { 'content-type': 'application/openstack-images-v2.0-json-patch' };

it('changes an image by all operations of a patch, or by none', async () => {
  let now = 0;
  const { demo } = await freshSandbox({ clock: () => now });
  const id = await made(demo, { colour: 'red', tags: ['a'] });
  now = 5000;
  const operations = [
    { op: 'replace', path: '/name', value: 'new' },
    { op: 'add', path: '/colour', value: 'blue' },
    { op: 'add', path: '/a~1b', value: 'slash' },
    { op: 'replace', path: '/tags', value: ['x', 'x', 'y'] },
    { op: 'replace', path: '/min_disk', value: 3 },
  ];
  const answer = await demo('PATCH', `${images}/${id}`, { json: operations, headers: patch21 });
  expect(answer.status).toBe(200);
  const image = jsonOf(answer);
  expect(image).toMatchObject({ name: 'new', colour: 'blue', 'a/b': 'slash', tags: ['x', 'y'], min_disk: 3 });
  expect(image.updated_at).toBe('1970-01-01T00:00:05Z');
  const half = [
    { op: 'remove', path: '/colour' },
    { op: 'remove', path: '/nope' },
  ];
  expect((await demo('PATCH', `${images}/${id}`, { json: half, headers: patch21 })).status).toBe(409);
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toEqual(image);
});

const conflict = 'There was a conflict when trying to complete your request.\n\n ';
const denied = 'Access was denied to this resource.\n\n ';
it.each([
  [{}, 400, 'Request body must be a JSON array of operation objects.'],
  [[1], 400, 'Operations must be JSON objects.'],
  [
    [{ path: '/x' }],
    400,
    'Unable to find `op` in JSON Schema change. It must be one of the following: add, remove, replace.',
  ],
  [
    [{ op: 'move', path: '/x', from: '/y' }],
    400,
    'Invalid operation: `move`. It must be one of the following: add, remove, replace.',
  ],
  [[{ op: 'test', path: '/name', value: 'made' }], 400, 'Invalid operation: `test`.'],
  [[{ op: 'add', path: 'x', value: 'v' }], 400, 'Pointer `x` does not start with "/".'],
  [[{ op: 'add', path: '/a//b', value: 'v' }], 400, 'Pointer `/a//b` contains adjacent "/".'],
  [
    [{ op: 'add', path: '/~2', value: 'v' }],
    400,
    'Pointer `/~2` contains "~" not part of a recognized escape sequence.',
  ],
  [[{ op: 'add', path: '/tags/-', value: 'v' }], 400, "Invalid JSON pointer for this resource: '/tags/-'"],
  [[{ op: 'add', path: '/x' }], 400, 'Operation "add" requires a member named "value".'],
  [
    [{ op: 'add', path: '/x', value: 5 }],
    400,
    "Provided object does not match schema 'image': 5 is not of type 'string'",
  ],
  [[{ op: 'replace', path: '/min_disk', value: -1 }], 400, "Invalid value '-1' for parameter 'min_disk'"],
  [[{ op: 'replace', path: '/id', value: 'v' }], 403, "Attribute 'id' is read-only."],
  [[{ op: 'remove', path: '/checksum' }], 403, "Attribute 'checksum' is read-only."],
  [[{ op: 'add', path: '/os_glance_x', value: 'v' }], 403, "Attribute 'os_glance_x' is reserved."],
  [[{ op: 'remove', path: '/name' }], 403, `${denied}Property name may not be removed.  `],
  [[{ op: 'replace', path: '/owner', value: 'x' }], 403, `${denied}Owner can't be updated by non admin.  `],
  [
    [{ op: 'replace', path: '/visibility', value: 'public' }],
    403,
    'You are not authorized to complete publicize_image action.',
  ],
  [
    [{ op: 'replace', path: '/disk_format', value: 'qcow2' }],
    403,
    'Attribute disk_format can be only replaced for a queued image.',
  ],
  [
    [{ op: 'add', path: '/locations/-', value: { url: 'http://x/', metadata: {} } }],
    403,
    "It's not allowed to add locations if locations are invisible.",
  ],
  [[{ op: 'replace', path: '/nope', value: 'v' }], 409, `${conflict}Property nope does not exist.  `],
  [[{ op: 'remove', path: '/nope' }], 409, `${conflict}Property nope does not exist.  `],
])('refuses the patch %j', async (json, status, words) => {
  const { demo } = await freshSandbox();
  const id = await filled(demo);
  const answer = await demo('PATCH', `${images}/${id}`, { json, headers: patch21 });
  expect([answer.status, answer.bytes.toString()]).toEqual([status, expect.stringContaining(words)]);
});

it('takes patches in the two media types of Glance and in no other', async () => {
  const { demo } = await freshSandbox();
  const id = await made(demo, { colour: 'red' });
  const send = (json: unknown, headers: Record<string, string>) =>
    demo('PATCH', `${images}/${id}`, { json, headers });
  expect((await send([{ replace: '/colour', value: 'blue' }], patch20)).status).toBe(200);
  expect((await send([{ add: '/colour', value: 'green' }], patch20)).status).toBe(409);
  expect((await send([{ add: '/a', remove: '/b', value: 'c' }], patch20)).status).toBe(400);
  for (const type of ['application/json', 'application/json-patch+json', '']) {
    const answer = await send([{ op: 'add', path: '/x', value: 'y' }], { 'content-type': type });
    expect([answer.status, answer.headers['accept-patch']]).toEqual([
      415,
      'application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch',
    ]);
  }
});
