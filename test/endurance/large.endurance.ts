import { expect } from 'vitest';
import { it } from '../support/folder.ts';
import { hollowCloud, isExact, kept, until } from './hollow.ts';

const size = Number(process.env.TGLANCE_ENDURANCE_GIB ?? 20) * 1024 ** 3;
const every = 300_000_000;
/** MiB. */
const memory = 150;

it.for(['', '--resume'])(
  'P6: a download over a connection that breaks every 300 MB is exact after one call %s',
  async (more, { path }) => {
    const cloud = await hollowCloud(size, every);
    const { code, err, peak } = await cloud.download(`--file ${path('copy')} ${more}`).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(isExact(path('copy'), size)).toBe(true);
    expect(cloud.starts).toHaveLength(Math.ceil(size / every));
    expect(peak).toBeLessThan(memory);
    console.log(`${cloud.starts.length} connections, ${Math.round(peak)} MiB of memory`);
  },
);

it('P6: a download over four connections that break is exact after one call', async ({ path }) => {
  const cloud = await hollowCloud(size, every / 10);
  const { code, err, peak } = await cloud.download(`--file ${path('copy')} --parallel 4`).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(isExact(path('copy'), size)).toBe(true);
  expect(peak).toBeLessThan(memory);
  console.log(`${cloud.starts.length} connections, ${Math.round(peak)} MiB of memory`);
});

it.for(['', '--parallel 4'])(
  'P2: a download that is killed five times is exact at last %s',
  async (more, { folder, path }) => {
    const cloud = await hollowCloud(size, every);
    const words = `--file ${path('copy')} --resume ${more}`;
    for (let turn = 1; turn <= 5; turn += 1) {
      const before = kept(folder);
      const run = cloud.download(words);
      await until(() => kept(folder) >= before + (size * (0.5 + Math.random())) / 7, run);
      run.kill();
      await run.ended;
    }
    const left = kept(folder);
    expect(left).toBeGreaterThanOrEqual((5 * size * 0.5) / 7);
    const asked = cloud.starts.length;
    const { code, err, peak } = await cloud.download(words).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(cloud.starts[asked]).toBe(left);
    expect(isExact(path('copy'), size)).toBe(true);
    expect(peak).toBeLessThan(memory);
    console.log(`the last run went on from byte ${left}, ${Math.round(peak)} MiB of memory`);
  },
);
