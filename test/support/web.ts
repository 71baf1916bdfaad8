import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it as inCloud } from './cloud.ts';

/** The data of a disk. */
export const bytes = randomBytes(1_500_000);

/** A test with a file that holds the bytes, and a web server that serves them below /disk only. */
export const it = inCloud.extend<{ disk: string; web: string }>({
  disk: async ({ path }, use) => {
    writeFileSync(path('disk'), bytes);
    await use(path('disk'));
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  web: async ({}, use) => {
    const server = createServer((request, response) => {
      if (request.url === '/disk') response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
  },
});
