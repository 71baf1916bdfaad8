import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { readSaved } from '../../src/config/saved.ts';
import { changeSaved } from '../../src/config/saved-file.ts';
import type { Place } from '../../src/config/search.ts';
import type { SettingName } from '../../src/config/settings.ts';
import { given, it } from './place.ts';

const placeIn = (root: string, env: Record<string, string> = {}): Place => ({
  env,
  cwd: join(root, 'cwd'),
  home: join(root, 'home'),
  platform: 'linux',
});

const words = (place: Place) => Object.fromEntries(readSaved(place).words);

describe('what is saved', () => {
  it('is read again, and stands where people look for it', ({ machine: { root } }) => {
    const place = placeIn(root);
    const { path } = readSaved(place);
    expect(path).toBe(join(root, 'home/.config/tglance/config.json'));
    changeSaved(path, 'format', 'json');
    changeSaved(path, 'columns.image-list', 'id,name');
    expect(words(place)).toEqual({ format: 'json', 'columns.image-list': 'id,name' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      format: 'json',
      columns: { 'image-list': 'id,name' },
    });
    changeSaved(path, 'columns.image-list', undefined);
    changeSaved(path, 'never-there', undefined);
    expect(words(place)).toEqual({ format: 'json' });
  });

  it.for([
    [{ XDG_CONFIG_HOME: '/xdg' }, 'linux', '/xdg/tglance/config.json'],
    [{}, 'linux', '/home/me/.config/tglance/config.json'],
    [{}, 'darwin', '/home/me/Library/Preferences/tglance/config.json'],
    [{ APPDATA: '/roaming' }, 'win32', '/roaming/tglance/config.json'],
  ] as const)('with %o on %s stands in %s', ([env, platform, path]) => {
    expect(readSaved({ env, cwd: '/', home: '/home/me', platform }).path).toBe(path);
  });

  it('P25: is its owner’s alone, whatever the umask and whatever was there', ({ machine: { root } }) => {
    const { path } = readSaved(placeIn(root));
    const umask = process.umask(0);
    try {
      changeSaved(path, 'format', 'json');
      expect(lstatSync(path).mode & 0o777).toBe(0o600);
      expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700);
      chmodSync(path, 0o666);
      chmodSync(dirname(path), 0o777);
      changeSaved(path, 'format', 'csv');
      expect(lstatSync(path).mode & 0o777).toBe(0o600);
      expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700);
      expect(readdirSync(dirname(path))).toEqual(['config.json']);
    } finally {
      process.umask(umask);
    }
  });

  it('P25: is not written through a link', ({ machine: { root } }) => {
    const { path } = readSaved(placeIn(root));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(root, 'theirs'), '{}');
    symlinkSync(join(root, 'theirs'), path);
    expect(() => changeSaved(path, 'format', 'json')).toThrow('is a symbolic link');
    expect(readFileSync(join(root, 'theirs'), 'utf8')).toBe('{}');
  });

  it('P26: breaks nothing when it cannot be read, and says so in one line', ({ machine: { root } }) => {
    const place = placeIn(root);
    const { path } = readSaved(place);
    mkdirSync(dirname(path), { recursive: true });
    for (const [text, problem] of [
      ['{ broken', `${path} is passed over: not valid JSON`],
      ['[]', `${path} is passed over: not a mapping of names to words`],
      ['{"format": ["json"]}', `${path}: format is passed over: it must be one word`],
    ] as const) {
      writeFileSync(path, text);
      expect(readSaved(place)).toEqual({ path, words: new Map(), problems: [problem] });
    }
  });

  it('P26: is nothing where there is no file, no folder or no home', ({ machine: { root } }) => {
    expect(readSaved(placeIn(root)).problems).toEqual([]);
    const nowhere = { ...placeIn(root), home: '/dev/null' };
    expect(readSaved(nowhere)).toMatchObject({ words: new Map(), problems: [] });
    expect(() => changeSaved(readSaved(nowhere).path, 'format', 'json')).toThrow(
      /^Cannot write .*: ENOTDIR$/,
    );
  });

  it('is not lost when it is broken and something is to be saved', ({ machine: { root } }) => {
    const { path } = readSaved(placeIn(root));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"format": "json"');
    expect(() => changeSaved(path, 'color', 'never')).toThrow('is not valid JSON; mend it, or remove it');
    expect(readFileSync(path, 'utf8')).toBe('{"format": "json"');
  });

  it('may have numbers and truths, and names that objects have', ({ machine: { root } }) => {
    const place = placeIn(root);
    const { path } = readSaved(place);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"timeout": 30, "x": true, "__proto__": {"format": "csv"}}');
    expect(words(place)).toEqual({ timeout: '30', x: 'true', '__proto__.format': 'csv' });
  });
});

describe('among the settings, what is saved', () => {
  const saved = new Map(
    Object.entries({ cloud: 'prod', interface: 'admin', region_name: 'South', timeout: '30' }).map(
      ([name, word]) => [name as SettingName, { word, origin: 'saved (config.json)' }],
    ),
  );
  const two = {
    'cwd/clouds.yaml':
      'clouds: {prod: {auth: {auth_url: http://prod, username: bob}, region_name: North}, other: {}}',
  };
  const openrc = { OS_AUTH_URL: 'http://env/v3', OS_USERNAME: 'ann', OS_PASSWORD: 'env-secret' };

  it('stands below all else', async ({ machine }) => {
    const settings = await machine.resolve({ OS_INTERFACE: 'internal' }, {}, two, { saved });
    expect(given(settings)).toMatchObject({
      cloud: 'prod',
      username: 'bob',
      interface: 'internal',
      region_name: 'North',
      timeout: '30',
    });
    expect(settings.origin('timeout')).toBe('saved (config.json)');
  });

  it('chooses the cloud when nobody says which, nor who logs in', async ({ machine }) => {
    const cloud = async (...sources: Parameters<typeof machine.resolve>) => {
      const [env, flags] = sources;
      const settings = await machine.resolve(env, flags, two, { saved });
      return [settings.cloud, settings.get('cloud')];
    };
    expect(await cloud()).toEqual(['prod', 'prod']);
    expect(await cloud({ OS_CLOUD: 'other' })).toEqual(['other', 'other']);
    expect(await cloud({}, { cloud: 'other' })).toEqual(['other', 'other']);
    expect(await cloud(openrc)).toEqual([undefined, undefined]);
    expect(await cloud({}, { auth_url: 'http://flag' })).toEqual([undefined, undefined]);
  });

  it('is named when the cloud is not there any more', async ({ machine }) => {
    expect(await machine.problem({}, {}, { 'cwd/clouds.yaml': 'clouds: {a: {}}' }, { saved })).toBe(
      'UsageError: Cloud prod (saved (config.json)) was not found; there is sandbox (built in) and a ($ROOT/cwd/clouds.yaml)',
    );
  });

  it('does not reach the sandbox that is built in', async ({ machine }) => {
    expect(given(await machine.resolve({ OS_CLOUD: 'sandbox' }, {}, {}, { saved }))).toEqual({
      cloud: 'sandbox',
    });
  });
});
