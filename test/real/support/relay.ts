import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Later } from './witness.ts';

/** A request on its way. */
export interface Forwarded {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that hands every request to another one, once `before` is over; for as long as the test runs. */
export async function relay(
  target: string,
  before: (forwarded: Forwarded) => Promise<void>,
  later: Later,
): Promise<string> {
  const server = createServer(async (message, response) => {
    const { method = '', url = '', headers } = message;
    await before({ method, url, headers });
    const onward = request(target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
