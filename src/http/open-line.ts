import type { Socket } from 'node:net';
import { UsageError } from '../errors.ts';
import { answerReader, ClosedEarly } from './answer-reader.ts';
import { type Hearer, keepIdle, type Line, type Outset } from './line.ts';
import { type Plug, plugIn } from './socket.ts';
import { addressed, go, type Way } from './way.ts';

/** A line for requests that one write sends; it is `gone` once it carries nothing any more. */
export function openLine(way: Way, gone: () => void): Line {
  let plug: Plug | undefined;
  let unplug = () => {};
  let exchange: { readonly hearer: Hearer; readonly reader: ReturnType<typeof answerReader> } | undefined;
  let goodUntil = Number.POSITIVE_INFINITY;

  const shut = () => {
    exchange = undefined;
    goodUntil = 0;
    gone();
    unplug();
  };
  /** Whatever comes when nobody has asked is the end of the line. */
  const hear = (tell: (reader: ReturnType<typeof answerReader>) => void) => {
    const now = exchange;
    if (now === undefined) return shut();
    try {
      tell(now.reader);
    } catch (error) {
      shut();
      now.hearer.failed(error);
    }
  };
  const readerFor = (hearer: Hearer, { method, headers }: Outset) => {
    let kept = keepIdle;
    return answerReader(method, {
      head(status, fields) {
        const [, seconds] = /\btimeout=(\d{1,6})/.exec(fields['keep-alive'] ?? '') ?? [];
        if (seconds !== undefined) kept = Math.min(kept, (Number(seconds) - 1) * 1000);
        hearer.head(status, fields);
      },
      data: hearer.data,
      end(goesOn) {
        exchange = undefined;
        if (goesOn && headers.connection !== 'close') {
          goodUntil = Date.now() + kept;
          plug?.socket.unref();
        } else shut();
        hearer.end();
      },
    });
  };
  const line: Line = {
    place: way.place,
    dispatch(outset, hearer) {
      exchange = { hearer, reader: readerFor(hearer, outset) };
      let request: string;
      try {
        request = written(addressed(way, outset), way);
      } catch (error) {
        return hearer.failed(error);
      }
      const write = (socket: Socket) => {
        hearer.started();
        socket.write(request, 'latin1');
      };
      if (plug !== undefined) {
        plug.hold(false);
        plug.socket.ref();
        return write(plug.socket);
      }
      unplug = go(way, {
        make(url, secure, over) {
          plug = plugIn(url, secure, (piece) => hear((reader) => reader.push(piece)), over);
          const ended = () => hear((reader) => reader.close());
          return plug.socket.on('end', ended).on('close', ended);
        },
        ready: write,
        broken: (error) => line.broken(error),
      });
    },
    isOpen: () => Date.now() < goodUntil,
    hold: (on) => plug?.hold(on),
    destroy() {
      const now = exchange;
      shut();
      now?.hearer.failed(new ClosedEarly());
    },
    broken() {},
  };
  return line;
}

/** The bytes of a request, one to a character. https://www.rfc-editor.org/rfc/rfc9112#section-2.1 */
function written({ method, path, headers, body }: Outset, { url, place }: Way): string {
  const text = typeof body === 'string' ? Buffer.from(body).toString('latin1') : '';
  const isSized = text !== '' || /^P/.test(method);
  const all = {
    host: url.host,
    connection: 'keep-alive',
    ...headers,
    ...(isSized && { 'content-length': String(text.length) }),
  };
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(all)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new UsageError(`The request to ${place} cannot be sent: invalid ${name} header`);
    }
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n${text}`;
}
