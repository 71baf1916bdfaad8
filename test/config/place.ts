import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { resolveSettings, type Settings, type Sources } from '../../src/config/resolve.ts';
import { type SettingName, settingNames } from '../../src/config/settings.ts';

type Files = Readonly<Record<string, string>>;

/** A machine of its own for each test: `cwd`, `home` and `etc` in a folder that is gone afterwards. */
export interface Machine {
  readonly root: string;
  /** Writes files, for their owner only, at places such as `home/.config/openstack/clouds.yaml`. */
  write(files: Files): Promise<void>;
  /** `$ROOT` in a variable stands for the folder. */
  resolve(
    env?: Record<string, string>,
    flags?: Sources['flags'],
    files?: Files,
    more?: Pick<Sources, 'saved' | 'fetch'>,
  ): Promise<Settings>;
  /** An error's message, the folder written as `$ROOT`. */
  problem(...sources: Parameters<Machine['resolve']>): Promise<string>;
}

export const it = test.extend<{ machine: Machine }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  machine: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), 'tglance-'));
    await use(machineIn(root));
    await rm(root, { recursive: true });
  },
});

function machineIn(root: string): Machine {
  const write: Machine['write'] = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text, { mode: 0o600 });
    }
  };
  const resolve: Machine['resolve'] = async (env = {}, flags = {}, files = {}, more = {}) => {
    await write(files);
    return resolveSettings({
      ...more,
      flags,
      env: Object.fromEntries(
        Object.entries(env).map(([key, value]) => [key, value.replaceAll('$ROOT', root)]),
      ),
      cwd: join(root, 'cwd'),
      home: join(root, 'home'),
      etc: join(root, 'etc'),
      platform: 'linux',
    });
  };
  return {
    root,
    write,
    resolve,
    problem: async (...sources) => {
      const outcome = await resolve(...sources).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) throw new Error('no error');
      return `${outcome.name}: ${outcome.message.replaceAll(root, '$ROOT')}`;
    },
  };
}

/** Every setting that has a value other than its default. */
export const given = (settings: Settings): Partial<Record<SettingName, string>> =>
  Object.fromEntries(
    settingNames
      .filter((name) => settings.get(name) !== undefined && settings.origin(name) !== 'default')
      .map((name) => [name, settings.get(name)]),
  );
