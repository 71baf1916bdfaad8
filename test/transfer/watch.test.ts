import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { VerifyError } from '../../src/errors.ts';
import { limitRate } from '../../src/transfer/rate.ts';
import { digest, expectDigest, expectSize, knows, type Watcher } from '../../src/transfer/watch.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function pass(watcher: Watcher, ...chunks: string[]): Promise<void> {
  watcher.start?.();
  for (const chunk of chunks) await watcher.see(bytes(chunk));
  await watcher.finish?.();
}

const md5 = '900150983cd24fb0d6963f7d28e17f72';

it.each([
  ['md5', md5],
  ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['SHA256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['sha3_224', 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'],
  ['blake2s', '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982'],
])('hashes with %s, as Glance names it', async (algorithm, hex) => {
  const it = digest(algorithm);
  await pass(it, 'a', 'bc');
  expect(it.hex()).toBe(hex);
  expect(it.hex()).toBe(hex);
});

it('hashes anew when the transfer begins anew', async () => {
  const it = digest('md5');
  await pass(it, 'a');
  await pass(it, 'abc');
  expect(it.hex()).toBe(md5);
});

it('P11: knows the algorithms that it can hash with, and no others', () => {
  const names = [
    'md5',
    'sha512',
    'sha3_512',
    'blake2b',
    'SHA512',
    'whirlpool9',
    '',
    '__proto__',
    'constructor',
  ];
  expect(names.filter(knows)).toEqual(['md5', 'sha512', 'sha3_512', 'blake2b', 'SHA512']);
});

it('P11: compares a hash without case', async () => {
  await pass(expectDigest('md5', md5.toUpperCase()), 'abc');
});

it('P10: refuses data of another hash, naming the algorithm and both values', async () => {
  const refused = pass(expectDigest('md5', 'd41d8cd98f00b204e9800998ecf8427e'), 'abc');
  await expect(refused).rejects.toThrow(
    new VerifyError(`The md5 of the data is ${md5}, expected d41d8cd98f00b204e9800998ecf8427e`),
  );
});

it('P10: refuses data that are too short', async () => {
  await expect(pass(expectSize(4), 'abc')).rejects.toThrow(
    new VerifyError('The data end after 3 bytes, expected 4'),
  );
});

it('P10: refuses data that are too long as soon as they are', () => {
  const it = expectSize(2);
  it.see(bytes('ab'));
  expect(() => it.see(bytes('c'))).toThrow(new VerifyError('The data are longer than the expected 2 bytes'));
});

it('accepts data of the right size, each time they come', async () => {
  const it = expectSize(3);
  await pass(it, 'ab', 'c');
  await pass(it, 'abc');
});

describe('a limited rate', () => {
  /** Shows pieces of so many bytes, one of them each `every` ms if nothing holds it back, for a second or more. */
  async function flow(rate: number, size: number, every: number) {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const began = performance.now();
    const pause = async (ms: number) => void vi.advanceTimersByTime(ms);
    const it = limitRate(rate, pause);
    let passed = 0;
    while (performance.now() - began < 10_000) {
      await it.see(new Uint8Array(size));
      passed += size;
      vi.advanceTimersByTime(every);
    }
    return (passed * 1000) / (performance.now() - began);
  }

  it.each([
    [1000, 100, 0],
    [1000, 5000, 0],
    [1_000_000, 262_144, 1],
    [1_000_000, 1000, 0],
  ])('of %d bytes a second is kept with pieces of %d', async (rate, size, every) => {
    const speed = await flow(rate, size, every);
    expect(speed).toBeLessThanOrEqual(rate * 1.02 + size / 10);
    expect(speed).toBeGreaterThan(rate * 0.95);
  });

  it('holds up nobody who is slower', async () => {
    expect(await flow(1_000_000, 1000, 10)).toBeCloseTo(100_000, -3);
  });
});
