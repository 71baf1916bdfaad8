import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { hollowCloud, isExact, kept, until } from '../endurance/hollow.ts';
import { it } from '../support/folder.ts';

vi.setConfig({ testTimeout: 120_000 });

// What `npm run test:endurance` does with 20 GiB.
const MiB = 1024 * 1024;
const size = 150 * MiB + 5; // held in memory it would be seen

it.for(['', '--parallel 3'])(
  'P6: a download over a connection that breaks again and again is exact, in little memory %s',
  async (more, { path }) => {
    const cloud = await hollowCloud(size, 11 * MiB);
    const { code, err, peak } = await cloud.download(`--file ${path('copy')} ${more}`).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(cloud.starts.length).toBeGreaterThan(13);
    expect(isExact(path('copy'), size)).toBe(true);
    expect(peak).toBeLessThan(150);
  },
);

it.for(['', '--parallel 3'])(
  'P1 P2: a download that is killed has left no file, and goes on from what it left %s',
  async (more, { folder, path }) => {
    const cloud = await hollowCloud(size, size);
    const words = `--file ${path('copy')} --resume ${more}`;
    for (const goal of [24 * MiB, 70 * MiB]) {
      const run = cloud.download(`${words} --limit-rate 20M`); // it must not end before it is seen
      await until(() => kept(folder) >= goal, run);
      run.kill();
      await run.ended;
    }
    const left = kept(folder);
    expect(left).toBeGreaterThanOrEqual(70 * MiB);
    const asked = cloud.starts.length;
    expect(await cloud.download(words).ended).toMatchObject({ code: 0, err: '' });
    expect(cloud.starts[asked]).toBe(left);
    expect(isExact(path('copy'), size)).toBe(true);
  },
);

it('P2: a slow download that is killed goes on from what it had some seconds before', async ({
  folder,
  path,
}) => {
  const cloud = await hollowCloud(50 * MiB, 50 * MiB);
  const words = `--file ${path('copy')} --resume`;
  const run = cloud.download(`${words} --limit-rate 2M`);
  await until(() => kept(folder) > 0, run);
  run.kill();
  await run.ended;
  const left = kept(folder);
  expect(left).toBeGreaterThan(0);
  expect(await cloud.download(words).ended).toMatchObject({ code: 0, err: '' });
  expect(cloud.starts).toEqual([0, left]);
  expect(isExact(path('copy'), 50 * MiB)).toBe(true);
});

it('P1 P2: whenever a download is killed, the old file is whole, and one more at most is there', async ({
  folder,
  path,
}) => {
  const cloud = await hollowCloud(50 * MiB, 15 * MiB);
  for (let turn = 0; turn < 6; turn += 1) {
    writeFileSync(path('copy'), 'old');
    const run = cloud.download(`--file ${path('copy')}`);
    await until(() => readdirSync(folder).length > 1 || turn === 0, run);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
    run.kill();
    await run.ended;
    const isOld = readFileSync(path('copy')).subarray(0, 3).toString() === 'old';
    expect(isOld || isExact(path('copy'), 50 * MiB)).toBe(true);
    expect(readdirSync(folder).filter((name) => name !== 'copy').length).toBeLessThanOrEqual(1);
  }
  expect(await cloud.download(`--file ${path('copy')}`).ended).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['copy']);
});

it('P2: with --resume a file for which there is no room is kept, for when there is some', async ({
  path,
}) => {
  const cloud = await hollowCloud(30 * MiB, 60 * MiB);
  const words = `--file ${path('copy')} --sparse never --resume`;
  const { code, err } = await cloud.download(words, 'ulimit -f 20480').ended;
  expect(code).toBe(1);
  const [, kept] =
    /^(\d+) bytes are kept for .*\nCannot write .*: file too large \(EFBIG\)\n$/.exec(err) ?? [];
  expect(Number(kept)).toBeGreaterThan(5 * MiB);
  expect(await cloud.download(words).ended).toMatchObject({ code: 0, err: '' });
  expect(cloud.starts).toEqual([0, Number(kept)]);
  expect(isExact(path('copy'), 30 * MiB)).toBe(true);
});

it('P20: a file that gets too large is one line, and nothing is left', async ({ folder, path }) => {
  const cloud = await hollowCloud(30 * MiB, 60 * MiB);
  writeFileSync(path('copy'), 'old');
  const run = cloud.download(`--file ${path('copy')} --sparse never`, 'ulimit -f 20480');
  expect(await run.ended).toMatchObject({
    ...{ code: 1, err: `Cannot write ${path('copy')}: file too large (EFBIG)\n` },
  });
  expect(readFileSync(path('copy'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['copy']);
});
