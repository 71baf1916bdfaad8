import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { it as inCloud } from './cloud.ts';
import { servePages } from './web.ts';

/** The data of a disk. */
export const bytes = randomBytes(1_500_000);

/** A test with a file that holds the bytes, and a web server that serves them below /disk only. */
export const it = inCloud.extend<{ disk: string; web: string }>({
  disk: async ({ path }, use) => {
    writeFileSync(path('disk'), bytes);
    await use(path('disk'));
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  web: async ({}, use) => use(await servePages({ '/disk': bytes })),
});
