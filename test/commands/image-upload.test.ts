import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, constants, openSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { hangUp as cutOff, on, refused } from '../../src/sandbox/faults.ts';
import { it, startCloud, type TestCloud } from '../support/cloud.ts';
import { ranged, uploadCloud } from '../support/image.ts';
import { type Answer, cut, hangUp, inTurn, interrupt, reply, reset, wire } from '../support/wire.ts';

const data = randomBytes(2_000_000);
const sha512 = createHash('sha512').update(data).digest('hex');
const formats = '--disk-format raw --container-format bare';
const create = `image-create --name one ${formats}`;

/** The image once nothing comes for it any more. */
async function settled(cloud: TestCloud): Promise<{ status: string } | undefined> {
  for (;;) {
    const [image] = await cloud.json<{ status: string }[]>('image-list');
    if (image?.status !== 'saving') return image;
  }
}

/** The data on a pipe, which is closed by who reads it, and can be read once. */
function pipeOf(path: (name: string) => string): number {
  execFileSync('mkfifo', [path('pipe')]);
  const fd = openSync(path('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
  spawn('sh', ['-c', 'cat "$0" > "$1"', path('disk'), path('pipe')], { stdio: 'ignore' });
  return fd;
}

it.beforeEach(({ path }) => writeFileSync(path('disk'), data));

describe('P12: an upload is no success', () => {
  it.for<[string, object, RegExp]>([
    ['of another size', { size: 5 }, /has 5 bytes; 2000000 were sent from/],
    [
      'of another hash',
      { os_hash_value: '0'.repeat(128) },
      /is damaged: its sha512 is 0{128}; that of .* is /,
    ],
    ['not active', { status: 'saving' }, /is saving after its data were sent, not active/],
    ['killed', { status: 'killed' }, /is killed after its data were sent, not active/],
  ])('when the image is then %s', async ([, wrong, why], { path }) => {
    const cloud = await uploadCloud(reply(204), wrong);
    const { out, err, code } = await cloud.run(`image-upload one --file ${path('disk')}`);
    expect({ out, code }).toEqual({ out: '', code: 7 });
    expect(err).toMatch(why);
  });

  it('and an image-create with the wrong data leaves no record', async ({ path }) => {
    const cloud = await uploadCloud(reply(204), { size: 5 });
    expect((await cloud.run(`${create} --file ${path('disk')}`)).code).toBe(7);
    expect(cloud.deleted()).toBe(1);
  });
});

it('P12: compares by whatever hash the cloud uses, and says where it cannot', async ({ path }) => {
  const sha256 = createHash('sha256').update(data).digest('hex');
  const hashed = await uploadCloud(reply(204), { os_hash_algo: 'sha256', os_hash_value: sha256 });
  expect(await hashed.run(`image-upload one --file ${path('disk')}`)).toMatchObject({ err: '', code: 0 });
  const wrong = await uploadCloud(reply(204), { os_hash_algo: 'sha256' });
  expect((await wrong.run(`image-upload one --file ${path('disk')}`)).code).toBe(7);
  const strange = await uploadCloud(reply(204), { os_hash_algo: 'whirl' });
  const { err, code } = await strange.run(`image-upload one --file ${path('disk')}`);
  expect(code).toBe(0);
  expect(err).toMatch(/hash of image .* \(whirl\) could not be compared with .*; its size is right/);
});

const faults: readonly (readonly [string, Answer])[] = [
  ['closes the connection', hangUp],
  ['resets the connection', reset],
  ['is busy', interrupt(503, 'busy', { 'retry-after': '0', connection: 'close' })],
  ['stands behind a gateway that is lost', interrupt(502, 'bad', { connection: 'close' })],
  ['has too much to do', reply(429, 'slower')],
];

describe('a server that', () => {
  it.for(faults)('P13: %s gets a file once more, from its start', async ([, fault], { path }) => {
    const cloud = await uploadCloud(inTurn(fault, reply(204)));
    expect(await cloud.run(`image-upload one --file ${path('disk')}`)).toMatchObject({ code: 0 });
    expect(
      cloud
        .puts()
        .map(({ whole }) => whole)
        .at(-1),
    ).toBe(true);
    expect(cloud.puts()).toHaveLength(2);
    expect(Buffer.from(cloud.puts()[1]?.body ?? '', 'latin1').equals(data)).toBe(true);
  });

  it.for(faults)('P13: %s never gets a pipe twice', async ([, fault], { path }) => {
    const cloud = await uploadCloud(inTurn(fault, reply(204)));
    const stdin = pipeOf(path);
    const { out, err, code } = await cloud.run('image-upload one', { stdin });
    expect(code).not.toBe(0);
    expect(out).toBe('');
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
    expect(cloud.puts()).toHaveLength(1);
  });

  it.for([400, 403, 404, 413, 415])('P13: refuses with %d is not asked again', async (status, { path }) => {
    const cloud = await uploadCloud(reply(status, 'no'));
    expect((await cloud.run(`image-upload one --file ${path('disk')}`)).code).not.toBe(0);
    expect(cloud.puts()).toHaveLength(1);
  });

  it('P13: never takes the data is asked five times', async ({ path }) => {
    const cloud = await uploadCloud(reply(503, 'busy'));
    expect((await cloud.run(`image-upload one --file ${path('disk')}`)).code).toBe(1);
    expect(cloud.puts()).toHaveLength(5);
  });

  it('P13: had it all although its answer was lost is believed by its record', async ({ path }) => {
    const taken: Answer = async (call) => {
      await call.body();
      call.end();
    };
    const cloud = await uploadCloud(inTurn(taken, reply(409, 'it is active')));
    expect(await cloud.run(`image-upload one --file ${path('disk')}`)).toMatchObject({ code: 0 });
  });
});

describe('P18: a token that is refused while data are sent', () => {
  const cloudOf = (path: (name: string) => string) =>
    startCloud({ dir: path('cloud'), faults: [on('PUT /v2/images/:id/file', refused(401), 1)] });

  it('is replaced once, and a file sent again whole', async ({ path }) => {
    const cloud = await cloudOf(path);
    const made = await cloud.json(`${create} --file ${path('disk')}`);
    expect(made).toMatchObject({ status: 'active', size: data.length, os_hash_value: sha512 });
    await cloud.stop();
  });

  it('ends an upload from a pipe, and leaves nothing', async ({ path }) => {
    const cloud = await cloudOf(path);
    const stdin = pipeOf(path);
    const { out, code } = await cloud.run(create, { stdin });
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(await settled(cloud)).toBeUndefined();
    await cloud.stop();
  });
});

describe('a file that', () => {
  /** Sends it slowly, and lets something happen to it meanwhile. */
  async function sendWhile(cloud: TestCloud, file: string, change: () => void) {
    await cloud.run(create);
    // more than is read beforehand
    truncateSync(file, 6_000_000);
    const sending = cloud.run(`image-upload one --limit-rate 3M --file ${file}`);
    for (;;) {
      const [{ status } = { status: '' }] = await cloud.json<{ status: string }[]>('image-list');
      if (status === 'saving') break;
    }
    change();
    return sending;
  }

  it.for<[string, (file: string) => void]>([
    ['grows', (file) => appendFileSync(file, 'x')],
    ['shrinks', (file) => truncateSync(file, 1_500_000)],
    ['is written to in place', (file) => utimesSync(file, 1, 1)],
  ])(
    'P12: %s while it is sent is refused, and never an active image',
    async ([, change], { cloud, path }) => {
      const { out, err, code } = await sendWhile(cloud, path('disk'), () => change(path('disk')));
      expect({ out, code }).toEqual({ out: '', code: 7 });
      expect(err).toBe(`${path('disk')} changed while it was being read\n`);
      expect(await settled(cloud)).toMatchObject({ status: 'queued', size: null });
    },
  );
});

it('P18: a connection that breaks in the middle of a pipe leaves no active image', async ({ path }) => {
  const faults = [on('PUT /v2/images/:id/file', cutOff(1_000_000))];
  const cloud = await startCloud({ dir: path('cloud'), faults });
  const stdin = pipeOf(path);
  const { out, code } = await cloud.run(create, { stdin });
  expect({ out, code }).toEqual({ out: '', code: 6 });
  expect(await settled(cloud)).toBeUndefined();
  await cloud.stop();
});

describe('data from the web', () => {
  const marked = ranged(data, { etag: '"one"' });
  const upload = async (cloud: TestCloud, answer: Answer) => {
    const web = await wire(answer);
    await cloud.run(create);
    return { web, outcome: await cloud.run(`image-upload one --file ${web.url}/disk`) };
  };

  it('are sent on as they come', async ({ cloud }) => {
    const { web, outcome } = await upload(cloud, ranged(data));
    expect(outcome).toMatchObject({ out: '', err: '', code: 0 });
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'active', os_hash_value: sha512 });
    expect(web.seen[0]?.headers).not.toHaveProperty('x-auth-token');
  });

  it('P6: go on where the connection breaks, if they are marked', async ({ cloud }) => {
    const { web, outcome } = await upload(cloud, cut(700_000, marked));
    expect(outcome).toMatchObject({ code: 0 });
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'active', os_hash_value: sha512 });
    expect(web.seen.length).toBeGreaterThan(2);
  });

  it.for<[string, Answer]>([
    ['bear no mark', cut(700_000, ranged(data))],
    ['are others then', inTurn(cut(700_000, marked), ranged(randomBytes(data.length), { etag: '"two"' }))],
    ['come only whole', inTurn(cut(700_000, marked), reply(200, data, { etag: '"one"' }))],
  ])('P7: are no image when the connection breaks and they %s', async ([, answer], { cloud }) => {
    const { outcome } = await upload(cloud, answer);
    expect(outcome.code).not.toBe(0);
    expect(await settled(cloud)).toMatchObject({ status: 'queued', size: null });
  });

  it('that are not there are told', async ({ cloud }) => {
    const { outcome } = await upload(cloud, reply(404, 'nothing here'));
    expect(outcome).toMatchObject({ out: '', code: 4 });
    expect(outcome.err).toMatch(/^Cannot fetch http:.*\/disk: HTTP .*nothing here\n$/);
  });
});
