import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { NetworkError, ServiceError } from '../../src/errors.ts';
import { apart, type Division } from '../../src/transfer/apart.ts';
import { copy } from '../../src/transfer/copy.ts';
import { fileSink } from '../../src/transfer/sink.ts';
import type { Ask, Span, Stretch } from '../../src/transfer/stretch.ts';
import { digest, expectSize } from '../../src/transfer/watch.ts';
import { it } from '../support/folder.ts';

const KiB = 1024;
const span = 64 * KiB;
const size = 10 * span + 17;
/** Different everywhere, but for a run of zeros longer than a span. */
const data = Buffer.from(new Uint32Array(Math.ceil(size / 4)).map((_, at) => at + 1).buffer).subarray(
  0,
  size,
);
data.fill(0, 3 * span - 5, 5 * span);

const broken = new NetworkError('it broke', 'ECONNRESET');

/** A span on its way, in small pieces, each after a turn of the event loop, up to a break. */
const stretch = ({ from, to = size }: Span, count = size, more: Partial<Stretch> = {}): Stretch => ({
  ...{ start: from, end: to, total: size, marks: {}, drop() {} },
  async each(see) {
    for (let at = from; at < Math.min(to, from + count); at += 10_000) {
      await new Promise(setImmediate);
      await see(data.subarray(at, Math.min(at + 10_000, to, from + count)));
    }
    if (from + count < to) throw broken;
  },
  ...more,
});

/** No time passes, but everything else has its turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const pace = { pause: turn, tell: () => {} };

/** Fetches into a file, as the command does; tells what was asked for and the most that was asked for at once. */
async function fetch(path: string, ask: Ask, more: Partial<Division> = {}, kept = 0) {
  const sink = await fileSink(path, undefined, { resume: true });
  const { part } = sink;
  if (part === undefined) throw new Error('a file has a part');
  part.goOn('x');
  if (kept > 0) {
    await sink.write(data.subarray(0, kept));
  }
  let [now, most] = [0, 0];
  const spans: Span[] = [];
  const counted: Ask = async (wish, again) => {
    spans.push(wish);
    const it = await ask(wish, again);
    return {
      ...it,
      async each(see) {
        most = Math.max(most, ++now);
        await it.each(see).finally(() => {
          now -= 1;
        });
      },
    };
  };
  const hash = digest('sha256');
  const division: Division = { from: kept, size, lanes: 3, span, pace, ...more };
  const placed = { ...sink, write: ({ length }: Uint8Array) => part.reach(length) };
  const there = part.read(0, kept);
  await copy(apart(counted, part, division), placed, [expectSize(size), hash], undefined, there);
  const whole = digest('sha256');
  whole.see(data);
  expect(hash.hex()).toBe(whole.hex());
  expect(readFileSync(path).equals(data)).toBe(true);
  return { spans, most };
}

it.for([1, 2, 3, 16])(
  'fetches spans over %d connections at once, in order for who looks on',
  async (lanes, { folder, path }) => {
    const { spans, most } = await fetch(path('a'), async (wish) => stretch(wish), { lanes });
    expect(most).toBe(Math.min(lanes, 11));
    expect(spans.map(({ from }) => from).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 11 }, (_, at) => at * span),
    );
    expect(readdirSync(folder)).toEqual(['a']);
    expect(statSync(path('a')).blocks * 512).toBeLessThan(size - span);
  },
);

it('P6: goes on from the byte that each has reached', async ({ path }) => {
  const { spans } = await fetch(path('a'), async (wish) => stretch(wish, 25_000));
  expect(spans.length).toBeGreaterThan(30);
});

it('goes on from what is there, at a byte that ends no span', async ({ path }) => {
  const { spans } = await fetch(path('a'), async (wish) => stretch(wish), {}, 2 * span + 333);
  expect(spans[0]).toEqual({ from: 2 * span + 333, to: 3 * span });
  expect(spans).toHaveLength(9);
});

it('has nothing to ask for when everything is there', async ({ path }) => {
  expect((await fetch(path('a'), () => expect.unreachable(), {}, size)).spans).toEqual([]);
});

it('leaves it to others while one is refused', async ({ path }) => {
  let [refused, given] = [0, 0];
  const { spans } = await fetch(path('a'), async (wish) => {
    if (wish.from === span && given < 10) {
      refused += 1;
      await new Promise(setImmediate);
      throw new ServiceError(503, 'too many', 'too many');
    }
    given += 1;
    return stretch(wish);
  });
  expect(refused).toBeGreaterThan(10);
  expect(spans).toHaveLength(11 + refused);
});

describe('falls back to one connection', () => {
  const whole: Ask = async () => stretch({ from: 0 }, size, { end: size });

  it.for([
    ['gives the whole', whole],
    [
      'gives the whole, and does not say where it ends',
      async () => stretch({ from: 0 }, size, { end: undefined }),
    ],
    [
      'refuses spans',
      async (wish: Span) => {
        if (wish.to === undefined && wish.from === 0) return stretch(wish);
        throw new ServiceError(400, 'no ranges', 'no ranges');
      },
    ],
  ] as const)('where a server %s', async ([, ask], { path }) => {
    expect((await fetch(path('a'), ask)).most).toBe(1);
  });

  it('where a server gives another version than the one that was kept, and begins anew', async ({ path }) => {
    const ask: Ask = async (wish) => stretch(wish, size, { marks: { etag: 'new' } });
    const { spans } = await fetch(path('a'), ask, { marks: { etag: 'old' } }, 2 * span);
    expect(spans.slice(0, 2)).toEqual([{ from: 2 * span, to: 3 * span }, { from: 0 }]);
  });

  it('P6: and goes on there as ever', async ({ path }) => {
    let turn = 0;
    const ask: Ask = async (wish) => (turn++ === 0 ? stretch({ from: 0 }, 200_000) : stretch(wish));
    const { spans } = await fetch(path('a'), ask);
    expect(spans).toEqual([
      { from: 0, to: span },
      { from: 200_000, to: undefined },
    ]);
  });
});

it.for<[string, Partial<Stretch>]>([
  ['other versions', { marks: { etag: 'new' } }],
  ['other sizes', { total: size + 1 }],
  ['other places', { start: 0 }],
])('P7: fails where spans are of %s', async ([, more], { folder, path }) => {
  const ask: Ask = async (wish) =>
    wish.from === 0 ? stretch(wish, size, { marks: { etag: 'old' } }) : stretch(wish, size, more);
  await expect(fetch(path('a'), ask)).rejects.toMatchObject({ name: 'VerifyError' });
  expect(readdirSync(folder)).toEqual([]);
});

it('P7: takes no more than a span should have', async ({ path }) => {
  const ask: Ask = async ({ from }) => stretch({ from }, size, { end: Math.min(from + span, size) });
  await expect(fetch(path('a'), ask)).rejects.toThrow('More data come than were asked for');
});

it('P8: gives up when no connection brings anything any more', async ({ path }) => {
  const ask: Ask = async (wish) => {
    if (wish.from > 4 * span) throw broken;
    return stretch(wish);
  };
  const why = `${5 * span} of ${size} bytes had come, and more tries brought nothing`;
  await expect(fetch(path('a'), ask)).rejects.toThrow(why);
});

it('P6: all connections that break at once go on, though nobody answers for a while', async ({ path }) => {
  let [begun, refused] = [0, 0];
  const { spans } = await fetch(
    path('a'),
    async (wish) => {
      begun += 1;
      if (begun <= 8) return stretch(wish, 20_000);
      refused += 1;
      if (refused <= 9) throw broken;
      return stretch(wish);
    },
    { lanes: 8 },
  );
  expect(spans.length).toBeGreaterThan(8 + 9);
});

it('P8: tries twenty times in all at most where the first span is all that comes', async ({ path }) => {
  let [isThere, vain] = [false, 0];
  const ask: Ask = async (wish) => {
    const first = stretch(wish);
    const each: Stretch['each'] = (see) =>
      first.each(see).finally(() => {
        isThere = true;
      });
    if (wish.from === 0) return { ...first, each };
    vain += isThere ? 1 : 0;
    throw new ServiceError(503, 'busy', 'busy');
  };
  const why = `${span} of ${size} bytes had come`;
  await expect(fetch(path('a'), ask, { lanes: 4 })).rejects.toThrow(why);
  expect(vain).toBeLessThanOrEqual(20);
});

describe('as many connections as help', () => {
  const turns = async (count: number) => {
    for (let left = count; left > 0; left -= 1) await turn();
  };

  /** The most that are open at once, where each piece of 1000 bytes waits for `gate`. */
  async function lanesThrough(path: string, gate: () => Promise<void>): Promise<number> {
    const slow: Ask = async ({ from, to = size }) => ({
      ...stretch({ from, to }),
      async each(see) {
        for (let at = from; at < to; at += 1000) {
          await gate();
          await see(data.subarray(at, Math.min(at + 1000, to)));
        }
      },
    });
    const measured = { ...pace, pause: () => turns(20) };
    return (await fetch(path, slow, { lanes: 'auto', pace: measured, span: 8 * KiB })).most;
  }

  it('are several where each has its own limit', async ({ path }) => {
    expect(await lanesThrough(path('a'), turn)).toBeGreaterThan(3);
  });

  it('are few where they share it', async ({ path }) => {
    let free = turn();
    const gate = () => {
      free = free.then(turn);
      return free;
    };
    expect(await lanesThrough(path('a'), gate)).toBeLessThanOrEqual(2);
  });
});
