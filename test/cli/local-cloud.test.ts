import { expect, it } from 'vitest';
import { localSend } from '../../src/cli/local-cloud.ts';
import { json } from '../../src/sandbox/exchange.ts';
import { failure } from '../http/client.ts';

it('P22: data that a sandbox asks for only after Ctrl-C break off like any others', async () => {
  const stop = new AbortController();
  const send = localSend({
    answer: async ({ body }) => {
      stop.abort(new Error('Ctrl-C'));
      for await (const _ of body);
      return json(200, {});
    },
  });
  const never = { size: undefined, again: false, chunks: () => silent() };
  const url = new URL('http://sandbox.invalid/v2/images/a/file');
  const sending = send({ method: 'PUT', url, headers: {}, body: never, signal: stop.signal });
  expect(await failure(sending)).toEqual(new Error('Ctrl-C'));
});

async function* silent(): AsyncGenerator<Uint8Array> {
  await new Promise(() => {});
}
