import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

/** A test in a folder of its own, which is gone afterwards; `path(name)` is a place in it. */
export const it = test.extend<{ folder: string; path: (name: string) => string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'tglance-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  path: async ({ folder }, use) => use((name) => join(folder, name)),
});
