import { describe, expect, it } from 'vitest';
import { answerReader, ClosedEarly, MalformedAnswer } from '../../src/http/answer-reader.ts';
import type { Request } from '../../src/http/message.ts';

/** What a reader makes of bytes that come in these pieces, and then end. */
function read(pieces: readonly Buffer[], method: Request['method'] = 'GET') {
  const heard = {
    status: 0,
    headers: {} as object,
    body: '',
    ends: [] as boolean[],
    error: undefined as unknown,
  };
  const reader = answerReader(method, {
    head: (status, headers) => Object.assign(heard, { status, headers: { ...headers } }),
    data: (piece) => {
      heard.body += Buffer.from(piece).toString('latin1');
    },
    end: (goesOn) => heard.ends.push(goesOn),
  });
  try {
    for (const piece of pieces) reader.push(piece);
    reader.close();
  } catch (error) {
    heard.error = error;
  }
  return heard;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const whole = (text: string, method?: Request['method']) => read([bytes(text)], method);
const head = (...fields: string[]) => `HTTP/1.1 200 OK\r\n${fields.map((it) => `${it}\r\n`).join('')}\r\n`;

const answers = {
  'with a length': `${head('Content-Length: 11', 'ETag: "\xe9"')}hello world`,
  'in chunks': `${head('Transfer-Encoding: chunked')}5;a="b"\r\nhello\r\n00006 \r\n world\r\n0\r\nx: y\r\n\r\n`,
  'until the end': `${head('X-A:  1\t', 'x-a:2', ' folded', 'Server:')}hello world`,
  'after hints': `HTTP/1.1 103 Soon\r\nlink: x\r\n\r\nHTTP/1.1 100\r\n\r\n${head('content-length: 11,11')}hello world`,
  'after an empty line, with bare newlines': `\r\nHTTP/1.0 200\nconnection: Keep-Alive, x\ncontent-length: 11\n\nhello world`,
};

describe('an answer', () => {
  it.each(Object.entries(answers))('%s is read the same wherever it is cut', (_how, text) => {
    const all = bytes(text);
    const expected = whole(text);
    expect(expected).toMatchObject({ status: 200, body: 'hello world', error: undefined });
    expect(expected.ends).toHaveLength(1);
    for (let at = 1; at < all.length; at += 1) {
      expect(read([all.subarray(0, at), all.subarray(at)])).toEqual(expected);
    }
    expect(read(Array.from(all, (_, at) => all.subarray(at, at + 1)))).toEqual(expected);
  });

  it.each(Object.entries(answers))('%s that is cut short is never whole', (how, text) => {
    for (let at = 0; at < text.length; at += 1) {
      const { error, ends } = whole(text.slice(0, at));
      const isOver = how === 'until the end' && at >= text.indexOf('\r\n\r\n') + 4;
      expect([error instanceof ClosedEarly, ends]).toEqual(isOver ? [false, [false]] : [true, []]);
    }
  });

  it.each([
    ['goes on', answers['with a length'], true],
    ['goes on after chunks', answers['in chunks'], true],
    ['goes on where HTTP/1.0 says so', answers['after an empty line, with bare newlines'], true],
    ['ends with the body', answers['until the end'], false],
    ['ends where it says so', `${head('Connection: x, Close', 'content-length: 0')}`, false],
    ['ends where HTTP/1.0 says nothing', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', false],
    ['ends where more comes than was asked for', `${answers['with a length']}HTTP/1.1 200 OK\r\n`, false],
    ['ends where more comes after chunks', `${answers['in chunks']}\r\n`, false],
  ])('a connection %s', (_what, text, expected) => {
    expect(whole(text)).toMatchObject({ ends: [expected], error: undefined });
  });

  it.each<[Request['method'], string]>([
    ['HEAD', head('content-length: 5')],
    ['HEAD', head('transfer-encoding: chunked')],
    ['GET', 'HTTP/1.1 204 Nothing\r\ncontent-length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Same\r\n\r\n'],
  ])('%s %j has no body', (method, text) => {
    expect(whole(text, method)).toMatchObject({ body: '', ends: [true], error: undefined });
  });

  it.each([
    ['two lengths', head('content-length: 1', 'content-length: 2')],
    ['a length and chunks', head('content-length: 5', 'transfer-encoding: chunked')],
    ['another coding', head('transfer-encoding: gzip, chunked')],
    ['a length of no digits', head('content-length: 0x5')],
    ['a length beyond all', head(`content-length: ${'9'.repeat(16)}`)],
    ['a blank before the colon', head('content-length : 5')],
    ['no colon', head('content-length')],
    ['a fold before the first field', head(' x: y')],
    ['a carriage return in a value', head('x: a\rcontent-length: 5')],
    ['a chunk with a sign', `${head('transfer-encoding: chunked')}-5\r\n`],
    ['a chunk of no size', `${head('transfer-encoding: chunked')}\r\n`],
    ['a chunk beyond all', `${head('transfer-encoding: chunked')}${'f'.repeat(13)}\r\n`],
    ['a chunk that is longer than its size', `${head('transfer-encoding: chunked')}1\r\nab\r\n`],
    ['an extension without an end', `${head('transfer-encoding: chunked')}1;${'a'.repeat(70_000)}`],
    ['trailers without an end', `${head('transfer-encoding: chunked')}0\r\n${'a: b\r\n'.repeat(20_000)}`],
    ['hints without an end', 'HTTP/1.1 103 Soon\r\n\r\n'.repeat(5000)],
    ['empty lines without an end', '\r\n'.repeat(40_000)],
    ['another version', 'HTTP/2 200\r\n\r\n'],
  ])('P35: %s is refused', (_what, text) => {
    expect(whole(text).error).toBeInstanceOf(MalformedAnswer);
    expect(read(Array.from(bytes(text), (byte) => Buffer.of(byte))).error).toBeInstanceOf(MalformedAnswer);
  });

  it('P35: takes time in proportion to its length, or this would take minutes', () => {
    const blanks = ' '.repeat(60_000);
    for (let count = 0; count < 200; count += 1) {
      expect(whole(head(`x:${blanks}y`, 'content-length: 0')).error).toBeUndefined();
      expect(whole(head(`x:y${blanks}\v`, 'content-length: 0')).error).toBeInstanceOf(MalformedAnswer);
    }
  });

  it('P35: whatever changes in it, it is a result or one of two errors', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const texts = Object.values(answers);
    for (let count = 0; count < 20_000; count += 1) {
      const changed = bytes(texts[random(texts.length)] ?? '');
      for (let times = 1 + random(4); times > 0; times -= 1) changed[random(changed.length)] = random(256);
      const at = random(changed.length);
      const { error, ends, body } = read([changed.subarray(0, at), changed.subarray(at)]);
      const isKnown = error instanceof MalformedAnswer || error instanceof ClosedEarly;
      expect(error === undefined ? ends.length === 1 : isKnown && ends.length === 0).toBe(true);
      expect(body.length).toBeLessThan(changed.length);
    }
  });
});
