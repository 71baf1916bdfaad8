import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Later } from './witness.ts';

/** A web server that the cloud can read from, for as long as the test runs. */
export async function servePages(pages: Readonly<Record<string, string>>, later: Later): Promise<string> {
  const server = createServer(({ method, url = '' }, response) => {
    const page = pages[url];
    response.writeHead(page === undefined ? 404 : 200, { 'content-length': Buffer.byteLength(page ?? '') });
    response.end(method === 'HEAD' ? undefined : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(async () => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
