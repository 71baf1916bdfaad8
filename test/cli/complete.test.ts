import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it as inCloud, type TestCloud } from '../support/cloud.ts';
import { tglance } from '../support/tglance.ts';

/** A cloud, a home directory, and the lines that `__complete` answers there. */
const it = inCloud.extend<{
  home: string;
  ask: (words: string | readonly string[], as?: TestCloud) => Promise<string[]>;
}>({
  home: async ({ path }, use) => {
    mkdirSync(path('home'));
    await use(path('home'));
  },
  ask: async ({ cloud, home }, use) =>
    use(async (words, as = cloud) => {
      const [options, question] = typeof words === 'string' ? [[], words.split(' ')] : [[], words];
      const { out, err, code } = await as.run([...options, '__complete', ...question], { home });
      expect({ err, code }).toEqual({ err: '', code: 0 });
      return out.split('\n').slice(0, -1);
    }),
});

const idOf = async (cloud: TestCloud, name: string): Promise<string> =>
  (await cloud.json<{ id: string }>(['image-create', `--name=${name}`])).id;

describe('images', () => {
  it('are offered by name, and by ID when that is what is typed', async ({ cloud, ask }) => {
    const id = await idOf(cloud, 'my image');
    await idOf(cloud, 'Other');
    expect(await ask(['image', ''])).toEqual(['Other\tqueued', 'my image\tqueued']);
    expect(await ask(['image', 'my i'])).toEqual(['my image\tqueued']);
    expect(await ask(['image', 'o'])).toEqual(['Other\tqueued']);
    expect(await ask(['image', id.slice(0, 9)])).toEqual([`${id}\tmy image`]);
    expect(await ask(['image', 'nothing'])).toEqual([]);
  });

  it.for(['', '-rf', 'a\nb', 'tab\there', '\x1b[31mred', 'left\u202eright'])(
    'P31: one that is called %j is offered by its ID',
    async (name, { cloud, ask }) => {
      const id = await idOf(cloud, name);
      const [line = '', ...others] = await ask(['image', '']);
      expect(others).toEqual([]);
      expect(line.split('\t')[0]).toBe(id);
      expect(line).toMatch(/^[ -~]+(\t[ -~]+)?$/);
    },
  );

  it('whose name is not theirs alone are offered by their IDs', async ({ cloud, ask }) => {
    const ids = [await idOf(cloud, 'twin'), await idOf(cloud, 'twin')];
    expect((await ask('image t')).sort()).toEqual([]);
    expect((await ask(['image', ''])).sort()).toEqual(ids.map((id) => `${id}\ttwin`).sort());
  });
});

it('knows stores, import methods, clouds and what metadata definitions consist of', async ({
  cloud,
  ask,
  home,
}) => {
  const admin = cloud.as('admin');
  expect((await ask(['store', ''])).map((line) => line.split('\t')[0])).toEqual(
    expect.arrayContaining(['fast', 'cheap']),
  );
  expect(await ask('import-method web')).toEqual(['web-download']);
  mkdirSync(join(home, '.config/openstack'), { recursive: true });
  writeFileSync(join(home, '.config/openstack/clouds.yaml'), 'clouds: {prod: {}, "a b": {}}');
  expect((await ask(['cloud', ''])).sort()).toEqual(['a b', 'prod', 'sandbox']);

  for (const line of [
    'md-namespace-create Rack --display-name Racks',
    'md-object-create Rack --name shelf --schema {"properties":{"depth":{"title":"Depth","type":"integer"}}}',
    'md-property-create Rack --name width --title Width --type integer --schema {}',
    'md-tag-create Rack --name tall',
  ]) {
    expect(await admin.run(line)).toMatchObject({ err: '', code: 0 });
  }
  expect(await ask('namespace Rac', admin)).toEqual(['Rack\tRacks']);
  expect(await ask(['object', '', 'Rack'], admin)).toEqual(['shelf']);
  expect(await ask(['property', '', 'Rack'], admin)).toEqual(['width\tWidth']);
  expect(await ask(['property', '', 'Rack', 'shelf'], admin)).toEqual(['depth\tDepth']);
  expect(await ask(['definition-tag', 't', 'Rack'], admin)).toEqual(['tall']);
  expect(await ask('resource-type OS::Glance', admin)).toEqual(['OS::Glance::Image']);
});

it('knows what can be saved, and the words for it', async ({ ask, home }) => {
  const words = async (question: string | readonly string[]) =>
    (await ask(question)).map((line) => line.split('\t')[0]);
  expect(await words(['setting', ''])).toEqual(
    expect.arrayContaining(['cloud', 'format', 'color', 'progress', 'columns.image-list']),
  );
  expect(await words('setting columns.task')).toEqual(['columns.task-list']);
  expect(await words(['setting-value', '', 'progress'])).toEqual(['auto', 'always', 'never']);
  expect(await words(['setting-value', 'j', 'format'])).toEqual(['json', 'jsonl']);
  expect(await words(['setting-value', 'min', 'columns.image-list'])).toEqual(['min_disk', 'min_ram']);
  expect(await words(['setting-value', '', 'timeout'])).toEqual([]);
  mkdirSync(join(home, '.config/openstack'), { recursive: true });
  writeFileSync(join(home, '.config/openstack/clouds.yaml'), 'clouds: {prod: {}}');
  expect(await words(['setting-value', '', 'cloud'])).toEqual(['sandbox', 'prod']);
});

it('knows what belongs to the image that the command was given', async ({ cloud, ask }) => {
  const id = await idOf(cloud, 'one');
  const { projectId } = cloud.sandbox.credentials.other;
  await cloud.run(`image-tag-update ${id} tested`);
  await cloud.run(`member-create ${id} ${projectId}`);
  expect(await ask(['image-tag', '', 'one'])).toEqual(['tested']);
  expect(await ask(['member', '', 'one'])).toEqual([`${projectId}\tpending`]);
  expect(await ask(['member', '', 'nothing'])).toEqual([]);
});

describe('for half a minute', () => {
  const files = (home: string) => {
    const folder = join(home, '.cache/tglance/names');
    return { folder, names: readdirSync(folder).map((name) => join(folder, name)) };
  };

  it('the cloud is asked once, and each user apart', async ({ cloud, ask }) => {
    await idOf(cloud, 'one');
    expect(await ask(['image', ''])).toEqual(['one\tqueued']);
    await idOf(cloud, 'two');
    expect(await ask(['image', ''])).toEqual(['one\tqueued']);
    expect(await ask(['image', ''], cloud.as('other'))).toEqual([]);
  });

  it('then again', async ({ cloud, ask, home }) => {
    await idOf(cloud, 'one');
    await ask(['image', '']);
    await idOf(cloud, 'two');
    for (const file of files(home).names) utimesSync(file, new Date(), Date.now() / 1000 - 31);
    expect(await ask(['image', ''])).toEqual(['one\tqueued', 'two\tqueued']);
    expect(files(home).names.length).toBe(1);
  });

  it('P25: only its owner can read what is kept, and no secret is in it', async ({ cloud, ask, home }) => {
    await idOf(cloud, 'one');
    await ask(['image', '']);
    const { folder, names } = files(home);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of names) {
      expect(statSync(name).mode & 0o777).toBe(0o600);
      expect(name + readFileSync(name, 'utf8')).not.toContain(cloud.env.OS_PASSWORD);
    }
  });

  it.for(['[', '{}', '[1]', '[{"name":1}]', ''])(
    'P26: %j is not taken for what was kept',
    async (text, { cloud, ask, home }) => {
      await idOf(cloud, 'one');
      await ask(['image', '']);
      for (const file of files(home).names) writeFileSync(file, text);
      expect(await ask(['image', ''])).toEqual(['one\tqueued']);
    },
  );

  it('P25: what others could have written is not taken either', async ({ cloud, ask, home, path }) => {
    await idOf(cloud, 'one');
    await ask(['image', '']);
    const [file = ''] = files(home).names;
    writeFileSync(file, '[{"name":"evil"}]');
    chmodSync(file, 0o644);
    expect(await ask(['image', ''])).toEqual(['one\tqueued']);
    writeFileSync(path('elsewhere'), '[{"name":"evil"}]', { mode: 0o600 });
    unlinkSync(file);
    symlinkSync(path('elsewhere'), file);
    expect(await ask(['image', ''])).toEqual(['one\tqueued']);
    expect(readFileSync(path('elsewhere'), 'utf8')).toContain('evil');
  });

  it('P26: a home that cannot be written to makes no difference', async ({ cloud, ask, home }) => {
    writeFileSync(join(home, '.cache'), 'not a folder');
    await idOf(cloud, 'one');
    expect(await ask(['image', ''])).toEqual(['one\tqueued']);
  });
});

describe('says nothing', () => {
  const silence = { out: '', err: '', code: 0 };

  it.for([
    ['without a cloud', {}, []],
    ['of a cloud that is not there', {}, ['--os-cloud', 'nope']],
    ['with a wrong password', { OS_PASSWORD: 'wrong' }, []],
    ['where nobody answers', { OS_AUTH_URL: 'http://127.0.0.1:1/v3' }, []],
    ['of a cloud with wrong options', {}, ['--os-image-api-version', '1']],
  ] as const)('%s', async ([, env, options], { cloud, home }) => {
    const known = Object.keys(env).length > 0 ? cloud.env : {};
    const around = { env: { ...known, ...env }, home, password: 'asked for' };
    expect(await tglance([...options, '__complete', 'image', ''], around)).toMatchObject(silence);
  });

  it.for([['nonsense', ''], ['__proto__', ''], [], ['member', '']])(
    'to the question %j',
    async (question, { ask }) => {
      expect(await ask(question)).toEqual([]);
    },
  );

  it('when the cloud takes too long', async ({ cloud, home }) => {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...cloud.env, OS_IMAGE_URL: `http://127.0.0.1:${port}` };
    expect(await tglance('__complete image o', { env, home })).toMatchObject(silence);
    server.close();
  });
});
