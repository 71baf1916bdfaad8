import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';
import { it as inFolder } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';
import { reply, wire } from '../support/wire.ts';

/** The queries that a command sends to a service that has nothing. */
async function queriesOf(words: readonly string[], key = 'images') {
  const server = await wire(reply(200, { [key]: [] }));
  const env = { OS_AUTH_TOKEN: 'a-token', OS_IMAGE_URL: server.url };
  const { err, code } = await tglance(words, { env });
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return server.seen.map(({ path }) => path.replace(/^[^?]*\?/, ''));
}

describe('the order of image-list', () => {
  inFolder.for<[string, string]>([
    ['', 'limit=1000&sort_key=name&sort_dir=asc'],
    ['--sort-key size', 'limit=1000&sort_key=size'],
    ['--sort-key size --sort-key name', 'limit=1000&sort_key=size&sort_key=name'],
    ['--sort-dir desc', 'limit=1000&sort_dir=desc'],
    ['--sort-key size --sort-dir asc', 'limit=1000&sort_key=size&sort_dir=asc'],
  ])('"%s": a direction was sent that nobody asked for', async ([words, query]) => {
    expect(await queriesOf(['image-list', ...words.split(' ').filter(Boolean)])).toEqual([query]);
  });

  it("the service's default direction, desc, did not hold for a sort key without one", async ({ cloud }) => {
    for (const name of ['b', 'c', 'a']) await cloud.run(`image-create --name ${name}`);
    const names = async (words: string) =>
      (await cloud.run(`image-list --page-size 1 -f value -c Name ${words}`)).out.trim().split('\n');
    expect(await names('--sort-key name')).toEqual(['c', 'b', 'a']);
    expect(await names('--sort-dir asc')).toEqual((await names('--sort-dir desc')).toReversed());
    expect(await names('--sort created_at')).toEqual(await names('--sort-dir desc'));
  });
});

describe('the filters of image-list', () => {
  inFolder.for<[string, string]>([
    ['--owner', 'owner=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--visibility', 'visibility=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--member-status', 'member_status=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--checksum', 'checksum=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--hash', 'os_hash_value=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--name', 'name=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--status', 'status=&limit=1000&sort_key=name&sort_dir=asc'],
    ['--tag', 'limit=1000&tag=&sort_key=name&sort_dir=asc'],
  ])('%s "" was dropped, so everything was listed', async ([flag, query]) => {
    expect(await queriesOf(['image-list', flag, ''])).toEqual([query]);
  });

  it('an empty owner, checksum or visibility is nobody’s, none and no visibility', async ({ cloud }) => {
    await cloud.run('image-create --name one');
    for (const flag of ['--owner', '--checksum', '--hash', '--visibility']) {
      expect(await cloud.json(['image-list', flag, ''])).toEqual([]);
    }
    expect(await cloud.run(['image-list', '--member-status', ''])).toMatchObject({ out: '', code: 1 });
  });
});

inFolder.for<[string[], string, string]>([
  [['task-list', '--type', ''], 'tasks', 'type=&limit=1000&sort_key=status&sort_dir=desc'],
  [['task-list', '--status', ''], 'tasks', 'status=&limit=1000&sort_key=status&sort_dir=desc'],
  [['md-namespace-list', '--resource-types', ''], 'namespaces', 'resource_types=&limit=1000'],
])('%o keeps its empty filter', async ([words, key, query]) => {
  expect(await queriesOf(words, key)).toEqual([query]);
});

it('image-list --page-size -1 listed everything', async ({ cloud }) => {
  for (const words of ['--page-size -1', '--page-size -1 --limit 1', '--limit -1']) {
    const { out, err, code } = await cloud.run(`image-list ${words}`);
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toContain('limit param must be positive');
  }
  expect(await cloud.run('image-list --page-size 0')).toMatchObject({ err: '', code: 0 });
});
