import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

/** A test in a folder of its own, which is gone afterwards; `path(name)` is a place in it, `file` writes one there. */
export const it = test.extend<{
  folder: string;
  path: (name: string) => string;
  file: (name: string, bytes: Buffer) => string;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'tglance-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  path: async ({ folder }, use) => use((name) => join(folder, name)),
  file: async ({ path }, use) =>
    use((name, bytes) => {
      writeFileSync(path(name), bytes);
      return path(name);
    }),
});
