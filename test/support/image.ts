import { createHash } from 'node:crypto';
import { type Around, type Outcome, tglance } from './tglance.ts';
import { type Answer, byPath, type Call, reply, wire } from './wire.ts';

const id = '11111111-2222-4333-8444-555555555555';

/** What a record says of these bytes. */
export const recordOf = (data: Uint8Array) => ({
  id,
  name: 'one',
  status: 'active',
  size: data.length,
  checksum: createHash('md5').update(data).digest('hex'),
  os_hash_algo: 'sha512',
  os_hash_value: createHash('sha512').update(data).digest('hex'),
});

/** A cloud that has one image, `one`, whose data are asked for at `file`, and the program logged in to it. */
export async function imageCloud(file: Answer, record: object) {
  const server = await wire(
    byPath({
      'GET /v2/images': reply(200, { images: [record] }),
      [`GET /v2/images/${id}`]: reply(200, record),
      [`GET /v2/images/${id}/file`]: file,
    }),
  );
  const env = { OS_IMAGE_URL: server.url, OS_TOKEN: 'a-token' };
  return {
    env,
    run: (words: string | readonly string[], around: Around = {}): Promise<Outcome> =>
      tglance(words, { ...around, env: { ...env, ...around.env } }),
    requests: () => server.seen.length,
    /** The ranges that were asked for, in their order; empty where it was the whole. */
    ranges: () =>
      server.seen.filter(({ path }) => path.endsWith('/file')).map(({ headers }) => headers.range ?? ''),
  };
}

/** Gives the bytes that a request asks for, as Glance does. */
export const ranged =
  (data: Uint8Array, headers: Readonly<Record<string, string>> = {}): Answer =>
  (call) => {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '') ?? [];
    if (first === undefined) return reply(200, data, headers)(call);
    const start = Number(first);
    const end = last ? Math.min(Number(last) + 1, data.length) : data.length;
    if (start >= data.length) return reply(416)(call);
    const range = `bytes ${start}-${end - 1}/${data.length}`;
    return reply(206, data.subarray(start, end), { 'content-range': range, ...headers })(call);
  };

/** Says that what was asked for is there now. */
export const made: Answer = async (call) => reply(201, JSON.parse((await call.body()).toString()))(call);

/**
 * A cloud that has one image without data, which are put with `put`; then its record is that of what came last, but for
 * what is `wrong`. `create` answers the wish for a new image.
 */
export async function uploadCloud(put: Answer, wrong: object = {}, create: Answer = made) {
  let record: object = { id, name: 'one', status: 'queued', size: null };
  const sent = (data: Buffer) => {
    record = { ...recordOf(data), ...wrong };
  };
  const path = (call: Call) => call.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, id);
  const answers = byPath({
    'POST /v2/images': create,
    'GET /v2/images': (call) => reply(200, { images: [record] })(call),
    [`GET /v2/images/${id}`]: (call) => reply(200, record)(call),
    [`DELETE /v2/images/${id}`]: reply(204),
    [`PUT /v2/images/${id}/file`]: (call) => {
      call.body().then(sent, () => {});
      return put(call);
    },
  });
  const server = await wire((call) => answers({ ...call, path: path(call) }));
  const of = (method: string) => server.seen.filter((it) => it.method === method);
  return {
    run: (words: string, around: Around = {}): Promise<Outcome> =>
      tglance(words, { ...around, env: { OS_IMAGE_URL: server.url, OS_TOKEN: 'a-token' } }),
    posts: () => of('POST'),
    puts: () => of('PUT'),
    deleted: () => of('DELETE').length,
  };
}
