import { expect, it } from 'vitest';
import { createApi } from '../../src/glance/api.ts';
import type { Request, Response } from '../../src/http/message.ts';

/** A cloud of images called 0, 1, 2…, and what happens, in order. */
function cloud(total: number, failing?: number) {
  const events: string[] = [];
  const send = async ({ url }: Request): Promise<Response> => {
    const marker = url.searchParams.get('marker');
    const [start, limit] = [marker === null ? 0 : Number(marker) + 1, Number(url.searchParams.get('limit'))];
    events.push(`asked for ${start}`);
    const images = Array.from({ length: Math.min(limit, total - start) }, (_, n) => ({
      id: String(start + n),
    }));
    const next = start + limit < total && `/v2/images?limit=${limit}&marker=${start + limit - 1}`;
    const whole = Buffer.from(JSON.stringify({ images, ...(next && { next }) }));
    const each = async (see: (chunk: Uint8Array) => void | Promise<void>) => see(whole);
    return { status: start === failing ? 500 : 200, headers: {}, url, body: { each, drop() {}, whole } };
  };
  const api = createApi(
    { signed: send, data: send },
    async () => 'http://cloud.example',
    AbortSignal.any([]),
  );
  const pages = (limit: number, most?: number) =>
    api.pages<{ id: string }>('/v2/images', 'images', [['limit', `${limit}`]], most);
  const looked = async (limit: number, most?: number) => {
    for await (const page of pages(limit, most)) events.push(`got ${page.map(({ id }) => id).join(' ')}`);
    return events;
  };
  return { events, pages, looked };
}

it('the next page is asked for before the last one is looked at', async () => {
  expect(await cloud(5).looked(2)).toEqual([
    ...['asked for 0', 'asked for 2', 'got 0 1'],
    ...['asked for 4', 'got 2 3', 'got 4'],
  ]);
});

it('no page is asked for that is not needed for as many items as are wanted', async () => {
  expect(await cloud(100).looked(2, 2)).toEqual(['asked for 0', 'got 0 1']);
  expect(await cloud(100).looked(2, 3)).toEqual(['asked for 0', 'asked for 2', 'got 0 1', 'got 2']);
});

it('a page that cannot be had is no reason to hold back the one before', async () => {
  const { events, looked } = cloud(5, 2);
  await expect(looked(2)).rejects.toThrow('HTTP 500');
  expect(events).toEqual(['asked for 0', 'asked for 2', 'got 0 1']);
});

it('who has seen enough does not hear of a page that cannot be had', async () => {
  for await (const page of cloud(5, 2).pages(2)) {
    expect(page).toHaveLength(2);
    break;
  }
  // else the test run would end with an error that nobody caught
  await new Promise((resolve) => setTimeout(resolve, 10));
});
