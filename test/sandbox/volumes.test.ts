import { describe, expect, it } from 'vitest';
import { freshSandbox } from './talk.ts';

type Cloud = Awaited<ReturnType<typeof freshSandbox>>;

const action = 'os-volume_upload_image';
const wish = { image_name: 'copy' };
const newer = { 'openstack-api-version': 'volume 3.1' };

async function volumesOf({ demo, sandbox }: Cloud) {
  const root = `/volume/v3/${sandbox.credentials.demo.projectId}/volumes`;
  const { bytes } = await demo('GET', root);
  const { volumes } = JSON.parse(String(bytes)) as { volumes: { id: string; name: string }[] };
  const at = (name: string) => `${root}/${volumes.find((it) => it.name === name)?.id}`;
  return { root, spare: at('spare'), busy: at('busy') };
}

/** The one fault that the answer tells, with the name that Block Storage gives it. */
const faultIn = (bytes: Buffer): unknown => {
  const [fault] = Object.entries(JSON.parse(String(bytes)) as Record<string, { message: string }>);
  return fault && [fault[0], fault[1].message];
};

describe('the volumes of the sandbox', () => {
  it('are listed by name, and shown', async () => {
    const cloud = await freshSandbox();
    const { root, busy } = await volumesOf(cloud);
    const { bytes } = await cloud.demo('GET', `${root}?name=busy`);
    expect(JSON.parse(String(bytes))).toMatchObject({
      volumes: [{ name: 'busy', links: [{ rel: 'self' }] }],
    });
    const detail = await cloud.demo('GET', `${root}/detail?name=busy`);
    expect(JSON.parse(String(detail.bytes))).toMatchObject({ volumes: [{ name: 'busy', status: 'in-use' }] });
    const shown = await cloud.demo('GET', busy);
    expect(JSON.parse(String(shown.bytes))).toMatchObject({
      volume: { name: 'busy', status: 'in-use', size: 1 },
    });
  });

  it('become images, which are private where the newer version says nothing else', async () => {
    const cloud = await freshSandbox();
    const { spare } = await volumesOf(cloud);
    const made = async (headers: Record<string, string>, more = {}) => {
      const json = { [action]: { ...wish, ...more } };
      const { status, bytes } = await cloud.demo('POST', `${spare}/action`, { headers, json });
      const begun = JSON.parse(String(bytes))[action] as { image_id: string };
      const image = await cloud.demo('GET', `/image/v2/images/${begun.image_id}`);
      return { status, begun, image: JSON.parse(String(image.bytes)) as object };
    };
    expect(await made({})).toMatchObject({
      status: 202,
      begun: { status: 'uploading', image_name: 'copy', disk_format: 'raw', container_format: 'bare' },
      image: { name: 'copy', visibility: 'shared', protected: false },
    });
    expect(await made(newer)).toMatchObject({ image: { visibility: 'private' } });
    expect(await made(newer, { visibility: 'community', protected: true })).toMatchObject({
      image: { visibility: 'community', protected: true },
    });
  });

  it.each([
    ['no action', {}, {}, 400, 'badRequest', 'There is no such action'],
    ['another action', {}, { 'os-detach': {} }, 400, 'badRequest', 'There is no such action'],
    ['no name', {}, { [action]: {} }, 400, 'badRequest', "'image_name' is a required property"],
    ['an empty name', {}, { [action]: { image_name: '' } }, 400, 'badRequest', 'does not match'],
    [
      ...(['a word of a newer version', {}, { [action]: { ...wish, visibility: 'shared' } }] as const),
      ...([400, 'badRequest', "('visibility' was unexpected)"] as const),
    ],
    [
      ...(['a format to convert to', {}, { [action]: { ...wish, disk_format: 'qcow2' } }] as const),
      ...([400, 'badRequest', "'qcow2' is not one of ['raw']"] as const),
    ],
    [
      ...(['an image for everybody', newer, { [action]: { ...wish, visibility: 'public' } }] as const),
      ...([403, 'forbidden', "Policy doesn't allow volume_extension:volume_actions:upload_public"] as const),
    ],
    [
      ...(['a version of tomorrow', { 'openstack-api-version': 'volume 3.99' }, { [action]: wish }] as const),
      ...([406, 'computeFault', 'Version 3.99 is not supported by the API'] as const),
    ],
  ])('refuse %s', async (_what, headers, json, status, name, message) => {
    const cloud = await freshSandbox();
    const { spare } = await volumesOf(cloud);
    const answer = await cloud.demo('POST', `${spare}/action`, { headers, json });
    expect(answer.status).toBe(status);
    expect(faultIn(answer.bytes)).toEqual([name, expect.stringContaining(message)]);
  });

  it('that are in use are read only by force', async () => {
    const cloud = await freshSandbox();
    const { busy } = await volumesOf(cloud);
    const refused = await cloud.demo('POST', `${busy}/action`, { json: { [action]: wish } });
    expect([refused.status, faultIn(refused.bytes)]).toEqual([
      400,
      ['badRequest', expect.stringMatching(/^Invalid volume: Volume \S+ status must be available$/)],
    ]);
    const forced = { [action]: { ...wish, force: true } };
    expect((await cloud.demo('POST', `${busy}/action`, { json: forced })).status).toBe(202);
  });

  it("are nobody's but their project's", async () => {
    const cloud = await freshSandbox();
    const { root, spare } = await volumesOf(cloud);
    const ways = [cloud.other('GET', root), cloud.demo('GET', `${root}/nothing`), cloud.nobody('GET', spare)];
    const answers = await Promise.all(ways);
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 401]);
    expect(answers.slice(0, 2).map(({ bytes }) => faultIn(bytes))).toEqual([
      ['badRequest', 'Malformed request url'],
      ['itemNotFound', 'Volume nothing could not be found.'],
    ]);
  });
});
