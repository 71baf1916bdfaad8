import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it as inFolder } from '../support/folder.ts';

const built = join(import.meta.dirname, '../..');

/** A copy of the built program whose compiled chunks may be changed. */
const it = inFolder.extend<{ copy: Copy }>({
  copy: async ({ path }, use) => {
    for (const part of ['bin', 'dist']) cpSync(join(built, part), path(part), { recursive: true });
    await use({
      kept: readdirSync(path('dist/compiled')).flatMap((version) =>
        readdirSync(path(`dist/compiled/${version}`)).map((name) => path(`dist/compiled/${version}/${name}`)),
      ),
      refused: () => run(path('bin/tglance.js')),
    });
  },
});

interface Copy {
  /** The files in which compiled chunks are kept. */
  readonly kept: readonly string[];
  /** Runs a command, and tells of each chunk whether V8 refused what was kept of it; undefined where nothing was. */
  refused(): Record<string, boolean | undefined>;
}

function run(program: string): Record<string, boolean | undefined> {
  const script = `
    const { load, scripts } = require(process.argv[1]);
    process.argv.splice(1, 1, 'tglance');
    process.on('exit', () => {
      const refused = [...scripts].map(([name, { cachedDataRejected }]) => [name, cachedDataRejected]);
      process.stdout.write(JSON.stringify(Object.fromEntries(refused)));
    });
    load('tglance.cjs');`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, program, 'imag-list'], {
    encoding: 'utf8',
    env: { HOME: '/nonexistent' },
  });
  expect({ stderr, status }).toEqual({
    stderr: "tglance: error: unknown command 'imag-list' (Did you mean image-list?)\nSee 'tglance help'.\n",
    status: 2,
  });
  return JSON.parse(stdout);
}

const ofCore = (refused: Record<string, boolean | undefined>) =>
  Object.entries(refused).find(([name]) => name.startsWith('tglance-'))?.[1];

describe('what V8 compiled of the program when it was built', () => {
  it('is used', async ({ copy }) => {
    expect(ofCore(copy.refused())).toBe(false);
  });

  it.for<[string, boolean | undefined, (twice: Buffer) => Uint8Array]>([
    ['half of it is damaged', undefined, (twice) => twice.fill(0, twice.length - 1000)],
    ['it is cut short', undefined, (twice) => twice.subarray(0, twice.length - 1000)],
    ['it is empty', undefined, () => Buffer.alloc(0)],
    ['it is something else', true, () => Buffer.alloc(4096, 'x')],
    // https://chromium.googlesource.com/v8/v8/+/refs/heads/main/src/snapshot/code-serializer.h: 4 is its own version
    ['another V8 made it', true, (twice) => differingAt(differingAt(twice, 4), twice.length / 2 + 4)],
  ])('is left aside when %s', ([, refused, change], { copy }) => {
    for (const file of copy.kept) writeFileSync(file, change(readFileSync(file)));
    expect(ofCore(copy.refused())).toBe(refused);
  });

  it('is not missed, and a run leaves nothing in the folder of the program', async ({ folder, path }) => {
    cpSync(join(built, 'bin'), path('bin'), { recursive: true });
    const withoutIt = { recursive: true, filter: (from: string) => !from.includes('compiled') };
    cpSync(join(built, 'dist'), path('dist'), withoutIt);
    const before = readdirSync(folder, { recursive: true });
    expect(ofCore(run(path('bin/tglance.js')))).toBeUndefined();
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});

function differingAt(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}
