import { expect, it } from 'vitest';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const images = '/image/v2/images';
const patch = { 'content-type': 'application/openstack-images-v2.1-json-patch' };

const listed = async (user: Voice, query = '') =>
  jsonOf<{ images: { id: string }[] }>(await user('GET', `${images}?${query}`)).images.map(({ id }) => id);

it('shares an image with another project, which lists it once it has accepted', async () => {
  const { sandbox, demo, other } = await freshSandbox({ clock: () => 0 });
  const member = sandbox.credentials.other.projectId;
  const id = await filled(demo);
  const members = `${images}/${id}/members`;
  const added = await demo('POST', members, { json: { member } });
  const view = {
    member_id: member,
    image_id: id,
    status: 'pending',
    created_at: '1970-01-01T00:00:00Z',
    updated_at: '1970-01-01T00:00:00Z',
    schema: '/v2/schemas/member',
  };
  expect([added.status, jsonOf(added)]).toEqual([200, view]);
  expect((await other('GET', `${images}/${id}/file`)).bytes.toString()).toBe('hello world');
  expect(await listed(other)).toEqual([]);
  expect(await listed(other, 'member_status=pending')).toEqual([id]);
  const answer = (status: unknown) => other('PUT', `${members}/${member}`, { json: { status } });
  expect(jsonOf(await answer('accepted')).status).toBe('accepted');
  expect(await listed(other)).toEqual([id]);
  await answer('rejected');
  expect(await listed(other)).toEqual([]);
  expect(await listed(other, 'member_status=all')).toEqual([id]);
  expect((await demo('DELETE', `${members}/${member}`)).status).toBe(204);
  expect((await other('GET', `${images}/${id}`)).status).toBe(404);
});

it('shows a member itself and nobody else, and gives it no say', async () => {
  const { sandbox, demo, other, admin } = await freshSandbox();
  const member = sandbox.credentials.other.projectId;
  const id = await made(demo);
  const members = `${images}/${id}/members`;
  for (const it of [member, 'third']) await demo('POST', members, { json: { member: it } });
  const ids = async (user: Voice) =>
    jsonOf<{ members: { member_id: string }[] }>(await user('GET', members)).members.map(
      (it) => it.member_id,
    );
  expect(await ids(demo)).toEqual([member, 'third']);
  expect(await ids(admin)).toEqual([member, 'third']);
  expect(await ids(other)).toEqual([member]);
  const hidden = await other('GET', `${members}/third`);
  expect([hidden.status, said(hidden)]).toEqual([
    404,
    `third not found in the member list of the image ${id}.`,
  ]);
  for (const [action, answer] of [
    ['add_member', await other('POST', members, { json: { member: 'x' } })],
    ['delete_member', await other('DELETE', `${members}/${member}`)],
    ['modify_member', await demo('PUT', `${members}/${member}`, { json: { status: 'accepted' } })],
    [
      'copy_image',
      await other('POST', `${images}/${await shared(demo, member)}/import`, {
        json: { method: { name: 'copy-image' } },
      }),
    ],
  ] as const) {
    expect([answer.status, said(answer)]).toEqual([
      403,
      `You are not authorized to complete ${action} action.`,
    ]);
  }
});

async function shared(owner: Voice, member: string): Promise<string> {
  const id = await filled(owner);
  await owner('POST', `${images}/${id}/members`, { json: { member } });
  return id;
}

it('has members only on shared images', async () => {
  const { demo, other, sandbox } = await freshSandbox();
  const id = await made(demo, { visibility: 'private' });
  const members = `${images}/${id}/members`;
  const member = sandbox.credentials.other.projectId;
  for (const [method, path, json, status, words] of [
    ['POST', members, { member }, 403, `Not allowed to create members for image ${id}.`],
    [
      'GET',
      members,
      undefined,
      403,
      `Not allowed to list members for image ${id}: Only shared images have members.`,
    ],
    ['GET', `${members}/${member}`, undefined, 404, 'Only shared images have members.'],
    ['DELETE', `${members}/${member}`, undefined, 403, `Not allowed to delete members for image ${id}.`],
  ] as const) {
    const answer = await demo(method, path, json === undefined ? {} : { json });
    expect([answer.status, said(answer)]).toEqual([status, words]);
  }
  const open = await shared(demo, member);
  await other('PUT', `${images}/${open}/members/${member}`, { json: { status: 'accepted' } });
  const close = [{ op: 'replace', path: '/visibility', value: 'private' }];
  await demo('PATCH', `${images}/${open}`, { json: close, headers: patch });
  expect((await other('GET', `${images}/${open}`)).status).toBe(404);
});

it.each([
  [{}, 400, 'Member to be added not specified'],
  [{ member: '' }, 400, "Member can't be empty"],
  [[], 400, 'Expected a member in the form: {"member": "image_id"}'],
])('refuses to add %j as a member', async (json, status, words) => {
  const { demo } = await freshSandbox();
  const answer = await demo('POST', `${images}/${await made(demo)}/members`, { json });
  expect([answer.status, said(answer)]).toEqual([status, words]);
});

it('refuses a member twice, a status that is none, and more than 128', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await made(demo);
  const members = `${images}/${id}/members`;
  await demo('POST', members, { json: { member: 'm' } });
  const twice = await demo('POST', members, { json: { member: 'm' } });
  expect([twice.status, said(twice)]).toEqual([409, `Member m is duplicated for image ${id}`]);
  const wrong = await admin('PUT', `${members}/m`, { json: { status: 'maybe' } });
  expect([wrong.status, said(wrong)]).toEqual([
    400,
    'Incorrect request: Status must be "pending", "accepted" or "rejected".',
  ]);
  for (let more = 1; more < 128; more += 1) await demo('POST', members, { json: { member: `m${more}` } });
  expect((await demo('POST', members, { json: { member: 'one more' } })).status).toBe(413);
});
