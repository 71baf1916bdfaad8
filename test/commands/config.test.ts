import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { it as inCloud } from '../support/cloud.ts';
import type { Outcome } from '../support/tglance.ts';
import { tglance } from '../support/tglance.ts';

interface Home {
  readonly home: string;
  /** The file that the settings are saved in. */
  readonly file: string;
  write(name: string, text: string): void;
  /** Runs the program at home, away from any cloud. */
  run(words: string | readonly string[], env?: Record<string, string>): Promise<Outcome>;
}

const it = inCloud.extend<{ at: Home }>({
  at: async ({ path }, use) => {
    const home = path('home');
    const write: Home['write'] = (name, text) => {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text, { mode: 0o600 });
    };
    const file = join(home, '.config/tglance/config.json');
    await use({ home, file, write, run: (words, env = {}) => tglance(words, { home, cwd: home, env }) });
  },
});

const cloudsFile = '.config/openstack/clouds.yaml';
const prod =
  'auth: {auth_url: "http://u:pw1234@k/v3", username: bob, password: s3cr3t-word}, region_name: North';

describe('config-set', () => {
  it('saves a word for every run to come, and config-unset forgets it', async ({ at, cloud }) => {
    expect(await at.run('config-set format json')).toMatchObject({ out: '', err: '', code: 0 });
    expect(JSON.parse((await cloud.run('usage', { home: at.home })).out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ quota: 'image_size_total' })]),
    );
    expect((await cloud.run('usage -f csv -c Quota', { home: at.home })).out).toMatch(/^"Quota"\n/);
    expect(await at.run('config-unset format')).toMatchObject({ out: '', err: '', code: 0 });
    expect((await cloud.run('usage', { home: at.home })).out).toMatch(/^\+-/);
    expect(readFileSync(at.file, 'utf8')).toBe('{}');
  });

  it('says where it saves, to people only', async ({ at }) => {
    const { err } = await tglance('config-set format json', { home: at.home, terminal: 80 });
    expect(err).toBe(`Saved format in ${at.file}\n`);
    const again = await tglance('config-unset color', { home: at.home, terminal: 80 });
    expect(again).toMatchObject({ err: 'color was not saved\n', code: 0 });
  });

  it('chooses the columns of a list, but leaves JSON complete and -c alone', async ({ at, cloud }) => {
    await cloud.run('image-create --name one');
    const run = (words: string) => cloud.run(words, { home: at.home });
    await at.run('config-set columns.image-list name,status');
    expect((await run('image-list -f csv')).out).toBe('"Name","Status"\n"one","queued"\n');
    expect((await run('image-list')).out).toMatch(/\| Name \| Status \|/);
    expect((await run('image-list -f value -c Name')).out).toBe('one\n');
    expect(JSON.parse((await run('image-list -f json')).out)[0]).toHaveProperty('id');
    expect((await run('usage -f csv')).out).toMatch(/^"Quota","Limit","Usage"/);
  });

  it('chooses the cloud, where no other is named and no variables say who logs in', async ({ at, cloud }) => {
    at.write(cloudsFile, `clouds: {prod: {${prod}}, other: {}}`);
    await at.run('config-set cloud sandbox');
    expect((await at.run('image-list')).code).toBe(0);
    expect((await at.run('config-get cloud -f value')).out).toBe(`cloud\nsaved (${at.file})\nsandbox\n`);
    expect((await at.run('config-get cloud -f value', { OS_CLOUD: 'prod' })).out).toMatch(
      /OS_CLOUD\nprod\n$/,
    );
    const { out } = await cloud.run('config-list -f json', { home: at.home });
    expect(JSON.parse(out).map(({ name }: { name: string }) => name)).not.toContain('cloud');
    const { code, err } = await at.run('config-set cloud nowhere');
    expect({ code, err }).toEqual({ code: 0, err: "There is no cloud 'nowhere' here\n" });
    expect((await at.run('image-list')).err).toContain(`Cloud nowhere (saved (${at.file})) was not found`);
  });

  it('shows how far transfers are, or never does unasked', async ({ at, cloud, path }) => {
    writeFileSync(path('data'), 'data');
    const run = (words: string) => cloud.run(words, { home: at.home });
    await at.run('config-set progress always');
    const create = (name: string) =>
      run(`image-create --name ${name} --disk-format raw --container-format bare --file ${path('data')}`);
    expect((await create('one')).err).toMatch(/^one: 4 B of 4 B \(100%\)/);
    await at.run('config-set progress never');
    expect((await create('two')).err).toBe('');
    expect((await run(`image-download two --file ${path('copy')} --progress`)).err).toMatch(/4 B of 4 B/);
  });

  it('colours, or leaves colour out', async ({ at, cloud }) => {
    await cloud.run('image-create --name one');
    const look = async (words: string) =>
      (await cloud.run(words, { home: at.home, terminal: 80 })).out.includes('\x1b[');
    expect(await look('image-list')).toBe(true);
    await at.run('config-set color never');
    expect(await look('image-list')).toBe(false);
    expect(await look('image-list --color always')).toBe(true);
  });

  it.for([
    ['config-set colour never', "There is no setting 'colour' (Did you mean color?)"],
    [
      'config-set format jsno',
      "'jsno' is not one of table, json, jsonl, yaml, csv, value, shell (Did you mean json?)",
    ],
    ['config-set timeout soon', "'soon' is not a number of seconds above 0"],
    ['config-set progress on', "'on' is not one of auto, always, never"],
    [
      'config-set password x',
      'password belongs to a cloud, and into clouds.yaml; what can be saved is cloud, interf',
    ],
    ['config-set columns.image-lst id', "There is no command 'image-lst' (Did you mean image-list?)"],
    ['config-set columns.image-show id', 'image-show shows no list'],
    [
      'config-set columns.image-list id,nmae',
      "'nmae' is no column of image-list (Did you mean name?); it has id,",
    ],
    ['config-set columns.image-list os_distro', "'os_distro' is no column of image-list; it has id,"],
    ['config-get region', "There is no setting 'region' (Did you mean region_name?)"],
    ['config-unset __proto__', "There is no setting '__proto__'"],
  ] as const)('P37: %s is refused', async ([words, problem], { at }) => {
    const { out, err, code } = await at.run(words);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(problem);
    expect(err.split('\n').length).toBeLessThanOrEqual(3);
  });
});

it('a property that images have can be a column beside those of the list', async ({ at, cloud }) => {
  await cloud.run('image-create --name one --property os_distro=cirros');
  await at.run('config-set columns.image-list name,os_distro');
  expect((await cloud.run('image-list -f csv', { home: at.home })).out).toBe(
    '"Name","os_distro"\n"one","cirros"\n',
  );
});

describe('config-list', () => {
  it('shows every setting that has a value and who says so, and no secrets', async ({ at }) => {
    at.write(cloudsFile, `clouds: {prod: {${prod}}}`);
    await at.run('config-set timeout 30');
    await at.run('config-set interface admin');
    const { out, code } = await at.run('--os-username eve config-list -f json', { OS_REGION_NAME: 'South' });
    expect(code).toBe(2); // the cloud has one region only
    expect(out).toBe('');
    const listed = await at.run('--os-username eve config-list -f json', { OS_INTERFACE: 'internal' });
    const file = `cloud 'prod' (${join(at.home, cloudsFile)})`;
    expect(JSON.parse(listed.out)).toEqual([
      { name: 'cloud', value: 'prod', origin: 'the only one there is' },
      { name: 'auth_url', value: 'http://***@k/v3', origin: file },
      { name: 'username', value: 'eve', origin: 'flag --os-username' },
      { name: 'password', value: '***', origin: file },
      { name: 'service_type', value: 'image', origin: 'default' },
      { name: 'interface', value: 'internal', origin: 'OS_INTERFACE' },
      { name: 'region_name', value: 'North', origin: file },
      { name: 'image_api_version', value: '2', origin: 'default' },
      { name: 'timeout', value: '30', origin: `saved (${at.file})` },
      { name: 'format', value: 'json', origin: 'flag --format' },
      { name: 'color', value: 'auto', origin: 'default' },
      { name: 'progress', value: 'auto', origin: 'default' },
    ]);
    expect((await at.run('config-list')).out).toMatch(/\| Name +\| Value +\| Origin +\|/);
    expect((await at.run('config-list')).out).not.toContain('s3cr3t-word');
  });

  it('says that a cloud is to be chosen, and lists the rest', async ({ at }) => {
    at.write(cloudsFile, 'clouds: {a: {}, b: {}}');
    await at.run('config-set columns.image-list id,name');
    const { out, err, code } = await at.run('config-list -f value -c Name -c Value');
    expect({ out, code }).toEqual({
      out: 'format value\ncolor auto\nprogress auto\ncolumns.image-list id,name\n',
      code: 0,
    });
    expect(err).toMatch(/^Choose a cloud with --os-cloud or OS_CLOUD: a, b/);
  });
});

describe('config-get', () => {
  it('shows one of them', async ({ at }) => {
    const { out } = await at.run('config-get username -f json', {
      OS_USERNAME: 'ann',
      OS_AUTH_URL: 'http://k',
    });
    expect(JSON.parse(out)).toEqual({ name: 'username', value: 'ann', origin: 'OS_USERNAME' });
  });

  it('needs no cloud for what is only about the output', async ({ at }) => {
    at.write(cloudsFile, '{ broken');
    expect((await at.run('config-get color -f value -c value')).out).toBe('auto\n');
    expect((await at.run('config-get cloud')).err).toContain('clouds.yaml, line 1: not valid YAML');
  });

  it('has nothing to show of what is not set', async ({ at }) => {
    expect(await at.run('config-get format')).toMatchObject({ out: '', err: 'format is not set\n', code: 4 });
  });
});

describe('what was saved', () => {
  it('P26: breaks no command when it is broken, and is mended or named in one line', async ({
    at,
    cloud,
  }) => {
    at.write('.config/tglance/config.json', '{ "format": "json"');
    const run = (words: string) => cloud.run(words, { home: at.home });
    const { out, err, code } = await run('usage -f value -c Quota');
    expect({ code, err }).toEqual({ code: 0, err: `${at.file} is passed over: not valid JSON\n` });
    expect(out).toContain('image_size_total');
    expect((await run('usage --quiet')).err).toBe('');
    expect((await run('config-set format csv')).err).toContain('is not valid JSON; mend it, or remove it');
  });

  it('P26: is passed over where it makes no sense, word by word', async ({ at, cloud }) => {
    at.write('.config/tglance/config.json', '{"format": "xml", "colr": "never", "progress": "never"}');
    const { err, code } = await cloud.run('usage', { home: at.home });
    expect(code).toBe(0);
    expect(err).toBe(
      `${at.file}: format is passed over: 'xml' is not one of table, json, jsonl, yaml, csv, value, shell\n` +
        `${at.file}: colr is passed over: no such setting (Did you mean color?)\n`,
    );
    expect((await at.run('config-unset colr')).code).toBe(0);
    expect(JSON.parse(readFileSync(at.file, 'utf8'))).toEqual({ format: 'xml', progress: 'never' });
  });

  it('decides in which form a failure is told, too', async ({ at, cloud }) => {
    await at.run('config-set format json');
    const { err } = await cloud.run('image-show nothing', { home: at.home });
    expect(JSON.parse(err)).toMatchObject({ code: 4 });
  });
});
