import { describe, expect, it } from 'vitest';
import { AnswerError, VerifyError } from '../../src/errors.ts';
import type { Payload } from '../../src/http/message.ts';
import { type Answer, interrupt, reply, reset, slowly, wire } from '../support/wire.ts';
import { failure, payload, request, text, transport } from './client.ts';

const MiB = 1024 * 1024;

describe('a payload', () => {
  it('of a known size announces it', async () => {
    const server = await wire(reply(204));
    const { body, log } = payload(['abc', '', 'defg'], 7);
    (await transport()(request('PUT', server.url, { body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: 'abcdefg', headers: { 'content-length': '7' } }]);
    expect(log.closed).toBe(1);
  });

  it('without a size is sent in chunks', async () => {
    const server = await wire(reply(204));
    const { body } = payload(['abc', 'defg']);
    (await transport()(request('PUT', server.url, { body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: 'abcdefg', headers: { 'transfer-encoding': 'chunked' } }]);
  });

  it('that is empty is one of zero bytes', async () => {
    const server = await wire(reply(204));
    (await transport()(request('PUT', server.url, { body: payload([], 0).body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: '', headers: { 'content-length': '0' } }]);
  });

  it('arrives whole although the memory of its pieces is used again', async () => {
    for (const size of [10, 1000, 70_000]) {
      const server = await wire(slowly(100, 0, reply(204)));
      const shared = Buffer.alloc(size);
      const body: Payload = {
        size: undefined,
        again: true,
        async *chunks() {
          for (const letter of 'abcdefghij') yield shared.fill(letter);
        },
      };
      (await transport()(request('PUT', server.url, { body }))).body.drop();
      expect(server.seen[0]?.body).toBe([...'abcdefghij'].map((letter) => letter.repeat(size)).join(''));
    }
  });

  it('that cannot be read fails with its own error', async () => {
    const server = await wire(reply(204));
    const broken = async function* () {
      yield 'abc';
      throw new RangeError('the disk is gone');
    };
    const error = await failure(transport()(request('PUT', server.url, { body: payload(broken()).body })));
    expect(error).toEqual(new RangeError('the disk is gone'));
  });

  it.each([
    ['shorter', 4, 'The data ended after 3 of 4 bytes'],
    ['longer', 2, 'The data went on after the 2 bytes they should have'],
  ])('that is %s than it said is refused', async (_word, size, message) => {
    const server = await wire(reply(204));
    const error = await failure(
      transport()(request('PUT', server.url, { body: payload(['abc'], size).body })),
    );
    expect(error).toEqual(new VerifyError(message));
  });
});

describe('an answer that comes before the body was sent', () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(MiB);
  };
  const large = 1024 * MiB;

  it.each([401, 409, 413, 415])('is heard (%i), and the payload is closed', async (status) => {
    const server = await wire(interrupt(status, 'too much'));
    const { body, log } = payload(endless(), large);
    const response = await transport()(request('PUT', server.url, { body }));
    expect(response.status).toBe(status);
    expect(await text(response)).toBe('too much');
    await expect.poll(() => log.closed).toBe(1);
    await expect.poll(() => server.open.size).toBe(0);
    expect(log.asked).toBeLessThan(100);
  });

  it('is heard when the server closes right behind it', async () => {
    const refuse: Answer = async (call) => {
      await call.write('HTTP/1.1 413 No\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig');
      await reset(call);
    };
    const server = await wire(refuse);
    const response = await transport()(request('PUT', server.url, { body: payload(endless(), large).body }));
    expect(response.status).toBe(413);
    expect(await text(response)).toBe('big');
  });

  it('is heard although the payload waits for its source', async () => {
    const server = await wire(interrupt(409, 'no'));
    const stuck = async function* () {
      yield 'abc';
      await new Promise(() => {});
    };
    const response = await transport()(request('PUT', server.url, { body: payload(stuck()).body }));
    expect(await text(response)).toBe('no');
    await expect.poll(() => server.open.size).toBe(0);
    expect(server.seen).toMatchObject([{ body: 'abc', whole: false }]);
  });

  it('is not believed when it says that all is well', async () => {
    const server = await wire(interrupt(204));
    const error = await failure(
      transport()(request('PUT', server.url, { body: payload(endless(), large).body })),
    );
    expect(error).toEqual(new AnswerError(`${server.url} said 204 before it had all the data`));
  });
});
