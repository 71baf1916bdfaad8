import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A web server on loopback that has these pages, for the test that is running. */
export async function servePages(pages: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const server = createServer(({ method, url = '' }, response) => {
    const page = Object.hasOwn(pages, url) ? pages[url] : undefined;
    if (page === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': Buffer.byteLength(page) });
    response.end(method === 'HEAD' ? undefined : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
