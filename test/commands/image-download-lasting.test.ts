import { randomBytes } from 'node:crypto';
import fs, { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect } from 'vitest';
import { it } from '../support/folder.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';

const one = randomBytes(300_000);

/** What is made to last and what gets a name while something is done, in its order. */
async function lasting(act: () => Promise<unknown>): Promise<string[]> {
  const log: string[] = [];
  const { fsync, renameSync, linkSync } = fs;
  fs.fsync = ((fd: number, done: fs.NoParamCallback) => {
    fsync(fd, (error) => {
      log.push(fs.fstatSync(fd).isDirectory() ? 'directory synced' : `${fs.fstatSync(fd).size} bytes synced`);
      done(error);
    });
  }) as typeof fs.fsync;
  const named =
    (name: typeof renameSync): typeof renameSync =>
    (from, to) => {
      log.push('named');
      name(from, to);
    };
  Object.assign(fs, { renameSync: named(renameSync), linkSync: named(linkSync) });
  syncBuiltinESMExports();
  try {
    await act();
  } finally {
    Object.assign(fs, { fsync, renameSync, linkSync });
    syncBuiltinESMExports();
  }
  return log;
}

it.for([
  '--file copy',
  '--file copy --resume',
  '--file copy --parallel 2',
  '--file copy --sparse never',
  '--file .',
])(
  'P3: has the data on the disk before a file gets its name, and the name after: %s',
  async (how, { path, folder }) => {
    const cloud = await imageCloud(ranged(one), recordOf(one));
    const words = `image-download one ${how}`.replace(/--file (\S+)/, `--file ${folder}/$1`);
    const log = await lasting(() => cloud.run(words));
    expect(log).toEqual([`${one.length} bytes synced`, 'named', 'directory synced']);
    expect(readFileSync(path(how.endsWith('.') ? 'one' : 'copy')).equals(one)).toBe(true);
  },
);
