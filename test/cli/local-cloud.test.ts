import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

it('P34: data that went to the sandbox are not kept in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const pieces: WeakRef<Uint8Array>[] = [];
  let most = 0;
  const send = localSend({
    answer: async ({ body }) => {
      for await (const _ of body) {
        await new Promise(setImmediate);
        collect();
        most = Math.max(most, pieces.filter((it) => it.deref() !== undefined).length);
      }
      return json(200, {});
    },
  });
  const chunks = async function* () {
    for (let count = 0; count < 20; count += 1) {
      const piece = new Uint8Array(1024);
      pieces.push(new WeakRef(piece));
      yield piece;
    }
  };
  const url = new URL('http://sandbox.invalid/v2/images/a/file');
  const body = { size: undefined, again: false, chunks };
  await send({ method: 'PUT', url, headers: {}, body, signal: new AbortController().signal });
  expect(most).toBeLessThan(5);
});

async function* silent(): AsyncGenerator<Uint8Array> {
  await new Promise(() => {});
}
