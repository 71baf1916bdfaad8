import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { reply, wire } from '../support/wire.ts';
import { get, text, transport } from './client.ts';

it('what V8 compiled before a request is still good after it', async () => {
  const before = cachedDataVersionTag();
  const server = await wire(reply(200, 'hi'));
  expect(await text(await transport()(get(server.url)))).toBe('hi');
  expect(cachedDataVersionTag()).toBe(before);
});
