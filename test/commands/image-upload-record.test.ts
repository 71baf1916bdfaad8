import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Interrupted } from '../../src/cli/io.ts';
import { type Bend, Dropped, cut as lost, on } from '../../src/sandbox/faults.ts';
import { it, startCloud } from '../support/cloud.ts';
import { uploadCloud } from '../support/image.ts';
import { type Answer, cut, hangUp, inTurn, reply, reset } from '../support/wire.ts';

const data = randomBytes(2_000_000);
const create = 'image-create --name one --disk-format raw --container-format bare';

it.beforeEach(({ path }) => writeFileSync(path('disk'), data));

it('P15: a server that loses the answer to a create is asked for the same image', async ({ path }) => {
  const cloud = await uploadCloud(reply(204), {}, inTurn(cut(0, reply(201), hangUp), reply(409, 'there')));
  expect(await cloud.run(`${create} --file ${path('disk')}`)).toMatchObject({ code: 0 });
  const ids = cloud.posts().map(({ body }) => JSON.parse(body).id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

describe("P15: an image under an ID of one's own", () => {
  const mine = '11111111-2222-4333-8444-555555555555';
  const under = (path: (name: string) => string) => `${create} --id ${mine} --file ${path('disk')}`;

  it('is asked for again when the answer is lost, and no other one is taken for it', async ({ path }) => {
    const cloud = await startCloud({ dir: path('cloud'), faults: [on('POST /v2/images', lost(0), 1)] });
    expect(await cloud.json(under(path))).toMatchObject({ id: mine, status: 'active', size: data.length });
    expect(await cloud.run(under(path))).toMatchObject({ out: '', code: 5 });
    expect(await cloud.json(`image-show ${mine}`)).toMatchObject({ status: 'active' });
    await cloud.stop();
  });

  it('leaves no record when nothing is answered', async ({ path }) => {
    const silent: Bend = (next) => async (request) => {
      await next(request).catch(() => {});
      throw new Dropped();
    };
    const cloud = await startCloud({ dir: path('cloud'), faults: [on('POST /v2/images', silent)] });
    expect(await cloud.run(under(path))).toMatchObject({ out: '', code: 6 });
    expect(await cloud.json('image-list')).toEqual([]);
    await cloud.stop();
  });
});

it('P15: nothing is sent to an image that the cloud made instead of the one it was asked for', async ({
  path,
}) => {
  const [mine, other] = ['11111111-2222-4333-8444-555555555555', '99999999-8888-4777-8666-555555555555'];
  for (const [words, answer] of [
    [`--id ${mine}`, { id: other }],
    ['', {}],
  ] as const) {
    const cloud = await uploadCloud(reply(204), {}, reply(201, answer));
    const { out, err, code } = await cloud.run(`${create} ${words} --file ${path('disk')}`);
    expect({ out, code }).toEqual({ out: '', code: 6 });
    expect(err).toMatch(/^The cloud was asked for image [0-9a-f-]{36} and says that it made .*\n$/);
    expect([cloud.puts().length, cloud.deleted()]).toEqual([0, 0]);
  }
});

it.for<[string, Answer, number]>([
  ['when somebody presses Ctrl-C', () => new Promise(() => {}), 130],
  ['when the connection breaks again and again', reset, 6],
])('P22: a record is removed whose making was not answered, %s', async ([, answer, code]) => {
  const stop = new AbortController();
  const cloud = await uploadCloud(reply(204), {}, async (call) => {
    await call.body();
    if (code === 130) stop.abort(new Interrupted('SIGINT', 2));
    await answer(call);
  });
  expect(await cloud.run('image-create --name one', { signal: stop.signal })).toMatchObject({
    out: '',
    code,
  });
  expect(cloud.deleted()).toBe(1);
  expect(
    (await cloud.run(`image-create --name one --id ${randomUUID()}`, { signal: stop.signal })).code,
  ).toBe(code);
  expect(cloud.deleted()).toBe(1); // it may have been there before
});
