import { describe, expect, it } from 'vitest';
import { NetworkError, ServiceError } from '../../src/errors.ts';
import { continued } from '../../src/transfer/continued.ts';
import type { Ask, Span, Stretch } from '../../src/transfer/stretch.ts';

const data = Buffer.from('the bytes of an image');
const size = data.length;

/** Bytes on their way, in pieces of one; the connection breaks after `count` of them. */
const stretch = (start: number, count = size): Stretch => ({
  ...{ start, end: undefined, total: size, marks: {}, drop() {} },
  async each(see) {
    for (const byte of data.subarray(start, start + count)) await see(Uint8Array.of(byte));
    if (start + count < size) throw new NetworkError('it broke', 'ECONNRESET');
  },
});

/** Fetches with what `answer` gives at each turn; time passes at once, and is noted. */
async function fetch(answer: (turn: number, span: Span) => Stretch) {
  const [waits, told, spans]: [number[], string[], Span[]] = [[], [], []];
  const ask: Ask = async (span) => answer(spans.push(span), span);
  const pace = {
    pause: async (ms: number) => void waits.push(ms),
    tell: (line: string) => void told.push(line),
  };
  let got = '';
  const see = (chunk: Uint8Array) => {
    got += Buffer.from(chunk);
  };
  const error = await continued(ask, { size, pace })(see).catch((it: unknown) => it);
  return { got, error, waits, told, spans };
}

it('P6: goes on as often as it takes, as long as each try brings a byte', async () => {
  const { got, error, spans } = await fetch((_turn, { from }) => stretch(from, 1));
  expect({ got, error }).toEqual({ got: data.toString(), error: undefined });
  expect(spans.map(({ from }) => from)).toEqual([...data.keys()]);
});

describe('without progress', () => {
  it('P8: gives up when five more answers bring nothing, and says how far it came', async () => {
    const { got, error, spans, waits } = await fetch((_turn, { from }) => stretch(from, from === 0 ? 9 : 0));
    expect(got).toBe('the bytes');
    expect(spans).toHaveLength(6);
    expect(error).toEqual(
      new NetworkError('it broke; 9 of 21 bytes had come, and more tries brought nothing', 'ECONNRESET'),
    );
    const limits = [0.25, 0.5, 1, 2, 4];
    for (const [turn, limit] of limits.entries()) {
      expect(waits[turn]).toBeLessThanOrEqual(limit * 1000);
      expect(waits[turn]).toBeGreaterThanOrEqual(limit * 500);
    }
  });

  it('P8: waits longer, and gives up when the server stays away', async () => {
    const away = () => {
      throw new NetworkError('nobody there', 'ECONNREFUSED');
    };
    const { error, spans, waits } = await fetch((turn, { from }) => (turn === 1 ? stretch(from, 3) : away()));
    expect(spans).toHaveLength(11);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(7500);
    expect(error).toMatchObject({ reason: 'ECONNREFUSED', message: expect.stringContaining('3 of 21') });
  });

  it('P8: begins to count anew after a try that brought something', async () => {
    let rounds = 0;
    const { got, error, spans } = await fetch((turn, { from }) => {
      if (turn % 5 > 0) return stretch(from, 0);
      rounds += 1;
      return stretch(from, rounds === 4 ? size : 2);
    });
    expect({ got, error }).toEqual({ got: data.toString(), error: undefined });
    expect(spans).toHaveLength(20);
  });

  it('says why nothing happens for a while, but not of a moment', async () => {
    const { told } = await fetch((turn, { from }) => stretch(from, turn > 1 && turn < 6 ? 0 : 8));
    expect(told).toEqual([expect.stringMatching(/^it broke; going on from byte 8 in [234]\.\d s$/)]);
  });
});

it('P14: waits as long as a busy server asks', async () => {
  const busy = new ServiceError(503, 'busy', 'busy', undefined, 7);
  const { got, waits } = await fetch((turn, { from }) => {
    if (turn === 2) throw busy;
    return stretch(from, turn === 1 ? 3 : size);
  });
  expect(got).toBe(data.toString());
  expect(waits[1]).toBe(7000);
});

it.each([
  ['a refusal', new ServiceError(404, 'gone', 'gone')],
  ['a certificate that proves nothing', new NetworkError('who is it', 'CERT_HAS_EXPIRED')],
  ['a certificate of somebody else', new NetworkError('who is it', 'ERR_TLS_CERT_ALTNAME_INVALID')],
])('ends at once with %s', async (_what, failure) => {
  const { error, spans } = await fetch((turn, { from }) => {
    if (turn === 2) throw failure;
    return stretch(from, 3);
  });
  expect(error).toBe(failure);
  expect(spans).toHaveLength(2);
});

it('leaves it to others to repeat what fails before anything came', async () => {
  const failure = new NetworkError('nobody there', 'ECONNREFUSED');
  const { error, spans } = await fetch(() => {
    throw failure;
  });
  expect(error).toBe(failure);
  expect(spans).toHaveLength(1);
});

it('ends with the error of whoever sees the bytes, also at the last one', async () => {
  const pace = { pause: async () => {}, tell: () => {} };
  const see = (chunk: Uint8Array) => {
    if (chunk[0] === data.at(-1)) throw new Error('the disk is full');
  };
  const ask: Ask = async ({ from }) => stretch(from);
  await expect(continued(ask, { size, pace })(see)).rejects.toThrow('the disk is full');
});
