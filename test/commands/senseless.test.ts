import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';
import { reply, wire } from '../support/wire.ts';

const records = ['{}', '{"id":5,"status":"active"}', '{"id":{},"status":"queued"}', '{"status":"active"}'];
const states = ['{"id":"x","status":null}', '{"id":"x","status":[]}', '{"id":"x"}'];
const image = (line: string, bodies: readonly string[]) =>
  bodies.map((body) => [line, body, undefined] as const);

it.for([
  ['cache-list', '{"cached_images":5,"queued_images":[]}', "'cached_images' is no list of objects"],
  ['cache-list', '{"cached_images":[],"queued_images":{}}', "'queued_images' is no list of words"],
  ['usage', '{"usage":null}', "'usage' is no object"],
  ['image-tasks 11111111-2222-4333-8444-555555555555', '{"tasks":{}}', "'tasks' is no list of objects"],
  ['md-tag-create-multiple ns --names a', '{"tags":null}', "'tags' is no list of objects"],
  ...image('image-show x', records),
  ...image('image-update x --name y', records),
  ...image('image-update x --tag y', ['{"id":"x","status":"active","tags":5}']),
  ...image('image-upload x --file FILE', records),
  ...image('image-stage x --file FILE', records),
  ...image('image-download x --file FILE.new', records),
  ...image('image-inspect x', [...records, ...states]),
  ...image('image-check x', [...records, ...states]),
  ...image('image-compare x FILE', [...records, ...states]),
] as const)(
  'P35: an answer of a wrong shape is one clear line: %s gets %s',
  async ([line, body, why], { path }) => {
    writeFileSync(path('FILE'), 'data');
    const server = await wire(reply(200, body, { 'content-type': 'application/json' }));
    const words = line.replace(/FILE/, path('FILE'));
    const { out, err, code } = await tglance(`--os-auth-token secret --os-image-url ${server.url} ${words}`);
    expect({ out, code }).toEqual({ out: '', code: 6 });
    expect(err).toMatch(/^The Image service's answer makes no sense: [^\n]*\n$/);
    if (why !== undefined) expect(err).toContain(why);
    expect(server.seen.filter(({ method }) => /PUT|DELETE|PATCH/.test(method))).toEqual([]);
  },
);

it('P35: a time that is none does not end cache-list', async () => {
  const cached = { image_id: 'x', last_modified: 'soon', last_accessed: 1e300, size: 1, hits: 1 };
  const server = await wire(reply(200, { cached_images: [cached], queued_images: [] }));
  const { err, code } = await tglance(`--os-auth-token secret --os-image-url ${server.url} cache-list`);
  expect({ err, code }).toEqual({ err: '', code: 0 });
});
