import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Output } from '../../src/cli/io.ts';
import { type Measured, meters } from '../../src/cli/progress.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const piece = new Uint8Array(MiB);

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A place for words that remembers them: a pipe, or a terminal of so many columns. */
function output(columns?: number): Output & { text: string } {
  return {
    text: '',
    isTTY: columns !== undefined,
    columns,
    async write(data) {
      this.text += data;
    },
  };
}

const meter = ({ err, ...measured }: Measured & { err: Output }) => meters(err).meter(measured);

/** What a terminal shows of it, were each drawing that differs from the one before kept. */
const drawings = (text: string) =>
  text
    .split(/\x1b\[[0-9]*[A-Z]|\x1b[78]/)
    .filter(Boolean)
    .filter((drawing, at, all) => drawing !== all[at - 1]);

it('says nothing in a pipe when nobody wants it', () => {
  const err = output();
  const it = meter({ label: 'a', total: GiB, wanted: false, err });
  vi.advanceTimersByTime(60_000);
  it.see(piece);
  it.stop();
  expect(err.text).toBe('');
});

it('writes a line every five seconds and one at the end into a pipe', async () => {
  const err = output();
  const it = meter({ label: 'image.qcow2', total: GiB, wanted: true, err });
  it.start?.();
  for (let done = 0; done < 1024; done += 1) {
    it.see(piece);
    vi.advanceTimersByTime(10);
  }
  await it.finish?.();
  it.stop();
  vi.advanceTimersByTime(60_000);
  expect(err.text.split('\n')).toEqual([
    'image.qcow2: 500.0 MiB of 1.0 GiB (48%), 100.0 MiB/s, 6 s left',
    'image.qcow2: 1000.0 MiB of 1.0 GiB (97%), 100.0 MiB/s, 1 s left',
    'image.qcow2: 1.0 GiB of 1.0 GiB (100%) in 11 s, 100.0 MiB/s',
    '',
  ]);
});

it('shows that nothing comes any more', () => {
  const err = output();
  const it = meter({ label: 'a', total: GiB, wanted: true, err });
  it.see(piece);
  vi.advanceTimersByTime(20_000);
  it.stop();
  expect(err.text.split('\n').slice(-2)).toEqual(['a: 1.0 MiB of 1.0 GiB (0%), 0 B/s', '']);
});

it('counts without a total', async () => {
  const err = output();
  const it = meter({ label: '-', total: undefined, wanted: true, err });
  it.see(piece);
  vi.advanceTimersByTime(5000);
  await it.finish?.();
  it.stop();
  expect(err.text).toBe('-: 1.0 MiB, 204.8 KiB/s\n-: 1.0 MiB in 5 s, 204.8 KiB/s\n');
});

it('counts anew when the transfer begins anew', async () => {
  const err = output();
  const it = meter({ label: 'a', total: 4 * MiB, wanted: true, err });
  for (const size of [3, 4]) {
    it.start?.();
    for (let done = 0; done < size; done += 1) it.see(piece);
    vi.advanceTimersByTime(1000);
  }
  await it.finish?.();
  it.stop();
  expect(err.text).toBe('a: 4.0 MiB of 4.0 MiB (100%) in 1 s, 4.0 MiB/s\n');
});

it.each([
  [0, 0, '0 B of 0 B (100%) in 0 s, 0 B/s'],
  [4 * MiB, 59_000, '4.0 MiB of 4.0 MiB (100%) in 59 s, 69.4 KiB/s'],
  [4 * MiB, 61_000, '4.0 MiB of 4.0 MiB (100%) in 1 min 1 s, 67.1 KiB/s'],
  [4 * MiB, 7_260_000, '4.0 MiB of 4.0 MiB (100%) in 2 h 1 min, 578 B/s'],
])('puts %d bytes in %d ms into words', async (total, time, words) => {
  const err = output();
  const it = meter({ label: 'a', total, wanted: true, err });
  for (let done = 0; done < total; done += MiB) it.see(piece);
  vi.advanceTimersByTime(time);
  await it.finish?.();
  it.stop();
  expect(err.text.split('\n').at(-2)).toBe(`a: ${words}`);
});

it('P31: makes a label harmless', async () => {
  const err = output();
  const it = meter({ label: 'a\u001b[2J\nb', total: 0, wanted: true, err });
  await it.finish?.();
  it.stop();
  expect(err.text).toBe('a\\x1b[2J\\nb: 0 B of 0 B (100%) in 0 s, 0 B/s\n');
});

it('draws a bar on a terminal, at once when it is wanted, and leaves it there', async () => {
  const err = output(80);
  const it = meter({ label: 'cirros', total: 4 * MiB, wanted: true, err });
  const seconds: unknown[] = [];
  for (let done = 0; done < 4; done += 1) {
    it.see(piece);
    await vi.dynamicImportSettled();
    vi.advanceTimersByTime(1000);
    seconds.push(drawings(err.text).at(-1));
  }
  await it.finish?.();
  it.stop();
  expect([...seconds, ...drawings(err.text).slice(-2)]).toEqual([
    'cirros [====             ] 1.0 MiB of 4.0 MiB (25%), 1.0 MiB/s, 3 s left',
    'cirros [=========        ] 2.0 MiB of 4.0 MiB (50%), 1.0 MiB/s, 2 s left',
    'cirros [=============    ] 3.0 MiB of 4.0 MiB (75%), 1.0 MiB/s, 1 s left',
    'cirros [=================] 4.0 MiB of 4.0 MiB (100%), 1.0 MiB/s, 0 s left',
    'cirros [=================] 4.0 MiB of 4.0 MiB (100%) in 4 s, 1.0 MiB/s',
    '\n',
  ]);
});

it('shows even the shortest transfer on a terminal when it is wanted', async () => {
  const err = output(80);
  const it = meter({ label: 'cirros', total: MiB, wanted: true, err });
  it.see(piece);
  await it.finish?.();
  it.stop();
  expect(drawings(err.text)).toEqual([
    'cirros [=================] 1.0 MiB of 1.0 MiB (100%) in 0 s, 1000.0 MiB/s',
    '\n',
  ]);
});

it('waits half a second before it draws unasked, and clears the line at the end', async () => {
  const err = output(80);
  const it = meter({ label: 'cirros', total: undefined, wanted: false, err });
  it.see(piece);
  vi.advanceTimersByTime(499);
  await vi.dynamicImportSettled();
  expect(err.text).toBe('');
  vi.advanceTimersByTime(1);
  await vi.dynamicImportSettled();
  expect(drawings(err.text)).toEqual(['cirros 1.0 MiB, 2.0 MiB/s']);
  it.stop();
  expect(err.text).toMatch(/\x1b\[1G\x1b\[0J$/);
});

it('never draws after it was stopped', async () => {
  const err = output(80);
  const it = meter({ label: 'cirros', total: 4 * MiB, wanted: true, err });
  it.stop();
  await vi.dynamicImportSettled();
  vi.advanceTimersByTime(10_000);
  expect(err.text).toBe('');
});

it.each([
  [80, 'cirros [                 ] 1.0 MiB of 1.0 GiB (0%), 1.0 MiB/s, 17 min 3 s left'],
  [40, 'cirros 0%, 1.0 MiB/s, 17 min 3 s left'],
  [20, 'cirros 0%'],
  [9, 'cirros '],
])('leaves out what does not fit into %d columns, and cuts no figure', async (columns, expected) => {
  const err = output(columns);
  const it = meter({ label: 'cirros', total: GiB, wanted: true, err });
  it.see(piece);
  vi.advanceTimersByTime(800);
  await vi.dynamicImportSettled();
  vi.advanceTimersByTime(200);
  expect(drawings(err.text).at(-1)).toBe(expected);
  it.stop();
});

it.each([
  [20, '日本語のとても… 0%'],
  [40, '日本語のとても… 1.0 MiB of 1.0 GiB (0%)'],
  [80, '日本語のとても… [        ] 1.0 MiB of 1.0 GiB (0%) in 1 s, 1.0 MiB/s'],
])('keeps to one line of a terminal of %d columns', async (columns, expected) => {
  const err = output(columns);
  const it = meter({ label: '日本語のとても長い名前のイメージ.qcow2', total: GiB, wanted: true, err });
  it.see(piece);
  vi.advanceTimersByTime(1000);
  await it.finish?.();
  it.stop();
  expect(drawings(err.text)).toEqual([expected, '\n']);
});

it('does not mind a closed standard error', async () => {
  const err: Output = { isTTY: false, columns: undefined, write: () => Promise.reject(new Error('EPIPE')) };
  const it = meter({ label: 'a', total: MiB, wanted: true, err });
  await it.finish?.();
  it.stop();
});

it('says in a pipe what is being done, and how fast the data came in the end', async () => {
  const err = output();
  const it = meter({ label: 'a', total: 4 * MiB, wanted: true, err });
  it.stage('checking', { total: 2 * MiB });
  it.see(piece);
  vi.advanceTimersByTime(5000);
  it.stage('downloading', { done: 2 * MiB, total: 4 * MiB });
  it.see(piece);
  vi.advanceTimersByTime(5000);
  it.see(piece);
  it.stage('waiting for import');
  vi.advanceTimersByTime(5000);
  await it.finish?.();
  it.stop();
  expect(err.text.split('\n')).toEqual([
    'a: checking 1.0 MiB of 2.0 MiB (50%), 204.8 KiB/s, 5 s left',
    'a: downloading 3.0 MiB of 4.0 MiB (75%), 204.8 KiB/s, 5 s left',
    'a: waiting for import',
    'a: 4.0 MiB of 4.0 MiB (100%) in 5 s, 409.6 KiB/s',
    '',
  ]);
});

it('tells programs each second, one object per line, the label as it is', async () => {
  const err = output();
  const it = meter({ label: 'a\nb', total: 4 * MiB, wanted: 'json', err });
  it.stage('checking', { total: 2 * MiB });
  it.see(piece);
  vi.advanceTimersByTime(1000);
  it.stage('downloading', { done: 2 * MiB, total: 4 * MiB });
  it.see(piece);
  vi.advanceTimersByTime(1000);
  it.see(piece);
  it.stage('verifying');
  vi.advanceTimersByTime(1000);
  await it.finish?.();
  it.stop();
  const lines = err.text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    [
      { stage: 'checking', done: MiB, total: 2 * MiB, rate: MiB },
      { stage: 'downloading', done: 3 * MiB, total: 4 * MiB, rate: MiB },
      { stage: 'verifying', done: 4 * MiB, total: 4 * MiB, rate: 2 * MiB },
      { stage: 'done', done: 4 * MiB, total: 4 * MiB, rate: 2 * MiB },
    ].map((facts) => ({ image: 'a\nb', ...facts })),
  );
});

it('tells programs of data whose size nobody knows', async () => {
  const err = output(80);
  const it = meter({ label: 'a', total: undefined, wanted: 'json', err });
  it.see(piece);
  vi.advanceTimersByTime(1000);
  it.stop();
  expect(JSON.parse(err.text)).toEqual({ image: 'a', stage: '', done: MiB, total: null, rate: MiB });
});

it('leaves out of a bar which way the data go, and nothing else', async () => {
  const err = output(80);
  const it = meter({ label: 'a', total: MiB, wanted: true, err });
  const shown: unknown[] = [];
  for (const stage of ['uploading', 'hashing', 'verifying']) {
    it.stage(stage, stage === 'verifying' ? undefined : { total: MiB });
    await vi.dynamicImportSettled();
    vi.advanceTimersByTime(200);
    shown.push(drawings(err.text).at(-1));
  }
  it.stop();
  expect(shown).toEqual([
    'a [                      ] 0 B of 1.0 MiB (0%), 0 B/s',
    'a [                      ] hashing 0 B of 1.0 MiB (0%), 0 B/s',
    'a verifying',
  ]);
});

describe('several at once', () => {
  it('have a bar each, which stay, and other words stand above them', async () => {
    const err = output(80);
    const shown = meters(err);
    const both = ['one', 'two'].map((label) => shown.meter({ label, total: 2 * MiB, wanted: true }));
    await vi.dynamicImportSettled();
    both[0]?.see(piece);
    vi.advanceTimersByTime(1000);
    shown.tell('by the way');
    expect(drawings(err.text).slice(-4)).toEqual([
      'by the way\n',
      'one [==========          ] 1.0 MiB of 2.0 MiB (50%), 1.0 MiB/s, 1 s left',
      '\n',
      'two [                    ] 0 B of 2.0 MiB (0%), 0 B/s',
    ]);
    both[0]?.stop();
    vi.advanceTimersByTime(1000);
    expect(drawings(err.text).slice(-3)).toEqual([
      'one [==========          ] 1.0 MiB of 2.0 MiB (50%), 512.0 KiB/s, 2 s left',
      '\n',
      'two [                    ] 0 B of 2.0 MiB (0%), 0 B/s',
    ]);
    both[1]?.stop();
    expect(err.text.endsWith('\n')).toBe(true);
    shown.tell('after all');
    expect(err.text.endsWith('\nafter all\n')).toBe(true);
  });

  it('that nobody asked for leave as each ends', async () => {
    const err = output(80);
    const shown = meters(err);
    const both = ['one', 'two'].map((label) => shown.meter({ label, total: MiB, wanted: false }));
    vi.advanceTimersByTime(500);
    await vi.dynamicImportSettled();
    both[0]?.stop();
    await vi.dynamicImportSettled();
    err.text = '';
    vi.advanceTimersByTime(200);
    expect(drawings(err.text)).toEqual(['two [                    ] 0 B of 1.0 MiB (0%), 0 B/s']);
    both[1]?.stop();
    expect(err.text).toMatch(/\x1b\[1G\x1b\[0J$/);
  });
});
