import type { Socket } from 'node:net';
import { NetworkError } from '../errors.ts';
import type { WebProxy } from './proxy.ts';

/** The longest answer to listen to, in bytes. */
const longest = 64 * 1024;

/**
 * Asks the proxy at the other end of `socket` for a way through to the server of `url`. Once `done`, what comes over
 * the socket is the server's. https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
export function tunnel(
  socket: Socket,
  { url, proxy, place }: { url: URL; proxy: WebProxy; place: string },
  done: (error?: Error) => void,
): void {
  let head = Buffer.alloc(0);
  const end = (why?: string) => {
    socket.off('readable', hear).off('end', closed);
    done(why === undefined ? undefined : new NetworkError(`Cannot connect to ${place}: ${why}`, 'proxy'));
  };
  const closed = () => end('the proxy closed the connection');
  const hear = () => {
    for (let piece = socket.read(); piece !== null; piece = socket.read()) {
      head = Buffer.concat([head, piece]);
      const length = head.indexOf('\r\n\r\n') + 4;
      if (length < 4) {
        if (head.length > longest) return end('the proxy does not answer in proper HTTP');
        continue;
      }
      const rest = head.subarray(length);
      if (rest.length > 0) socket.unshift(rest);
      return end(refusal(head.toString('latin1')));
    }
  };
  socket.on('readable', hear).on('end', closed);
  const target = `${url.hostname}:${url.port || 443}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `host: ${target}`, 'user-agent: tglance'];
  if (proxy.authorization !== undefined) lines.push(`proxy-authorization: ${proxy.authorization}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Why there is no way through, or undefined where there is. */
function refusal(head: string): string | undefined {
  const [, status, words = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]{0,200}))?/.exec(head) ?? [];
  if (status === undefined) return 'the proxy does not answer in proper HTTP';
  return status.startsWith('2') ? undefined : `the proxy said ${status} ${words}`.trimEnd();
}
