import { forbidden, imageOf, jsonBody, type Known, type KnownCall, param, permit } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { isObject, json, type Reply } from './exchange.ts';
import { type Image, isotime, type Member } from './image.ts';
import { refuse } from './refusal.ts';

const mostMembers = 128;

/** GET /v2/images/:id/members: the owner sees all, a member only itself. */
export const listMembers: Known = (cloud, call) => {
  const image = found(cloud, call);
  if (image.visibility !== 'shared') {
    throw refuse(403, `Not allowed to list members for image ${image.id}: Only shared images have members.`);
  }
  const members = image.members
    .filter((member) => isShown(image, member.id, call))
    .map((it) => memberView(image, it));
  return json(200, { members, schema: '/v2/schemas/members' });
};

/** GET /v2/images/:id/members/:member */
export const showMember: Known = (cloud, call) => {
  const image = found(cloud, call);
  if (image.visibility !== 'shared') throw refuse(404, 'Only shared images have members.');
  return json(200, memberView(image, memberOf(image, call)));
};

/** POST /v2/images/:id/members */
export const addMember: Known = async (cloud, call) => {
  const body = await jsonBody(call);
  if (isObject(body) && body.member === undefined) throw refuse(400, 'Member to be added not specified');
  const id = isObject(body) ? body.member : undefined;
  if (id === '') throw refuse(400, "Member can't be empty");
  if (typeof id !== 'string') throw refuse(400, 'Expected a member in the form: {"member": "image_id"}');
  return change(cloud, call, 'create', (image) => {
    permit(image, call, 'add_member');
    if (image.members.some((member) => member.id === id)) {
      throw refuse(409, `Member ${id} is duplicated for image ${image.id}`);
    }
    const attempted = image.members.length + 1;
    if (attempted > mostMembers) {
      const why = `The limit has been exceeded on the number of allowed image members for this image. Attempted: ${attempted}, Maximum: ${mostMembers}`;
      throw refuse(413, `Image member limit exceeded for image ${image.id}: ${why}:`);
    }
    const now = cloud.clock();
    const member = { id, status: 'pending', created_at: now, updated_at: now };
    return { members: [...image.members, member], reply: json(200, memberView(image, member)) };
  });
};

/** PUT /v2/images/:id/members/:member: only the project it is shared with answers. */
export const answerMember: Known = async (cloud, call) => {
  const body = await jsonBody(call);
  if (!isObject(body)) throw refuse(400, 'Expected a status in the form: {"status": "status"}');
  const { status } = body;
  if (status === undefined) throw refuse(400, 'Status not specified');
  return change(cloud, call, 'update', (image) => {
    const old = memberOf(image, call);
    const { admin, projectId } = call.caller;
    if (!admin && (old.id !== projectId || image.owner === projectId)) throw forbidden('modify_member');
    if (status !== 'pending' && status !== 'accepted' && status !== 'rejected') {
      throw refuse(400, 'Incorrect request: Status must be "pending", "accepted" or "rejected".');
    }
    const member = { ...old, status, updated_at: cloud.clock() };
    const members = image.members.map((it) => (it.id === member.id ? member : it));
    return { members, reply: json(200, memberView(image, member)) };
  });
};

/** DELETE /v2/images/:id/members/:member */
export const removeMember: Known = (cloud, call) =>
  change(cloud, call, 'delete', (image) => {
    const gone = memberOf(image, call);
    permit(image, call, 'delete_member');
    const members = image.members.filter(({ id }) => id !== gone.id);
    return { members, reply: { status: 204, headers: {}, body: undefined } };
  });

interface Changed {
  readonly members: readonly Member[];
  readonly reply: Reply;
}

/** Members are no part of the image: its time stays. */
function change(cloud: Cloud, call: KnownCall, verb: string, work: (image: Image) => Changed): Reply {
  return cloud.store.change(() => {
    const image = found(cloud, call);
    if (image.visibility !== 'shared')
      throw refuse(403, `Not allowed to ${verb} members for image ${image.id}.`);
    const { members, reply } = work(image);
    cloud.store.images.put(image.id, { ...image, members });
    return reply;
  });
}

const found = (cloud: Cloud, call: KnownCall) => imageOf(cloud, call, (id) => `Image ${id} not found.`);

const isShown = (image: Image, id: string, { caller }: KnownCall) =>
  caller.admin || image.owner === caller.projectId || id === caller.projectId;

function memberOf(image: Image, call: KnownCall): Member {
  const wanted = param(call, 'member');
  const member = image.members.find(({ id }) => id === wanted);
  if (member !== undefined && isShown(image, wanted, call)) return member;
  throw refuse(404, `${wanted} not found in the member list of the image ${image.id}.`);
}

const memberView = (image: Image, { id, status, created_at, updated_at }: Member) => ({
  member_id: id,
  image_id: image.id,
  status,
  created_at: isotime(created_at),
  updated_at: isotime(updated_at),
  schema: '/v2/schemas/member',
});
