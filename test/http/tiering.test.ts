import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { reply, wire } from '../support/wire.ts';
import { payload, request, text, transport } from './client.ts';

it('what V8 compiled before an upload is still good after it', async () => {
  const before = cachedDataVersionTag();
  const server = await wire(reply(200, 'hi'));
  const { body } = payload(['abc']);
  expect(await text(await transport()(request('PUT', server.url, { body })))).toBe('hi');
  expect(cachedDataVersionTag()).toBe(before);
});
