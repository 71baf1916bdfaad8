import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { look, make } from './support/witness.ts';

const MiB = 1024 * 1024;

it('P2: goes on with a download that somebody stopped', async ({ onTestFinished: later }) => {
  const data = randomBytes(6 * MiB);
  const { id } = await make(demo, later, {}, data);
  const place = await folder(later);
  const words = `image-download ${id} --resume --file ${join(place, 'disk')}`;
  const { child, ended } = demo.start(`${words} --limit-rate 2M`);
  const written = async () => {
    const part = (await readdir(place)).find((name) => name.endsWith('.part'));
    return part === undefined ? 0 : (await stat(join(place, part))).size;
  };
  while ((await written()) < MiB) await pause(50);
  child.kill('SIGINT');
  const stopped = await ended;
  expect({ code: stopped.code, out: stopped.out }).toEqual({ code: 130, out: '' });
  expect(stopped.err).toMatch(/^\d+ bytes are kept for .*\/disk; the same command goes on from there\n$/);
  expect(await demo.says(words)).toBe('');
  expect((await readFile(join(place, 'disk'))).equals(data)).toBe(true);
  expect(await readdir(place)).toEqual(['disk']);
});

it('fetches a file over several connections', async ({ onTestFinished: later }) => {
  const data = Buffer.concat([randomBytes(MiB), Buffer.alloc(70 * MiB), randomBytes(MiB)]);
  const { id } = await make(demo, later, {}, data);
  const file = join(await folder(later), 'disk');
  await demo.says(`image-download ${id} --parallel 2 --file ${file}`);
  expect((await readFile(file)).equals(data)).toBe(true);
  expect((await stat(file)).blocks * 512).toBeLessThan(4 * MiB);
});

it('fetches several images into a directory', async ({ onTestFinished: later }) => {
  const place = await folder(later);
  const names = ['one', '../two'];
  const ids: string[] = [];
  for (const name of names) ids.push((await make(demo, later, { name }, Buffer.from(name))).id);
  await demo.says(['image-download', ...ids, '--file', place]);
  expect((await readdir(place)).sort()).toEqual(['_two', 'one']);
  expect(await readFile(join(place, '_two'), 'utf8')).toBe('../two');
});

it('sends and fetches at a limited rate', async ({ onTestFinished: later }) => {
  const data = randomBytes(2 * MiB);
  const { id } = await make(demo, later, { disk_format: 'raw', container_format: 'bare' });
  expect((await demo.tglance(`image-upload ${id} --limit-rate 4M`, { input: data })).code).toBe(0);
  expect(await look(demo, id)).toMatchObject({ status: 'active', size: data.length });
  expect((await demo.tglance(`image-download ${id} --limit-rate 4M`)).bytes.equals(data)).toBe(true);
});

it('tells a program how far it is', async ({ onTestFinished: later }) => {
  const { id } = await make(demo, later, { name: 'told' }, randomBytes(100_000));
  const { err } = await demo.tglance(`image-download ${id} --progress=json`);
  const last = JSON.parse(err.trimEnd().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ image: 'told', stage: 'done', done: 100_000, total: 100_000 });
});
