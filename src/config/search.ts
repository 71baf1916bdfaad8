import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRegularFile } from './regular-file.ts';

/** Where the program runs, as far as finding configuration files is concerned. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly platform: NodeJS.Platform;
  /** The machine's own configuration; `/etc` when missing. */
  readonly etc?: string;
}

/** A configuration file, read. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
  /** Others than its owner may read or change it. */
  readonly open: boolean;
}

export type FileKind = 'clouds' | 'secure' | 'clouds-public';

/**
 * The first file of a kind that is there and may be read; files of one kind are not merged.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html#config-files
 */
export function findFile(kind: FileKind, place: Place, notes: string[]): FoundFile | undefined {
  const chosen = chosenFile(kind, place);
  for (const path of [...chosen, ...candidates(kind, place)]) {
    try {
      // one that somebody names may be a pipe on purpose: /dev/stdin, <(…)
      const { text, mode } = chosen.includes(path) ? readAny(path) : readRegularFile(path);
      const open = place.platform !== 'win32' && (mode & 0o077) !== 0;
      return { path, text, open };
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      if (reason !== 'ENOENT' && reason !== 'ENOTDIR') notes.push(`${path} is passed over: ${reason}`);
    }
  }
  return undefined;
}

const readAny = (path: string) => ({ text: readFileSync(path, 'utf8'), mode: statSync(path).mode });

const overrides: Partial<Record<FileKind, string>> = {
  clouds: 'OS_CLIENT_CONFIG_FILE',
  secure: 'OS_CLIENT_SECURE_FILE',
};

const chosenFile = (kind: FileKind, { env, cwd }: Place): string[] => {
  const path = env[overrides[kind] ?? ''];
  return path ? [resolve(cwd, path)] : [];
};

const candidates = (kind: FileKind, place: Place): string[] =>
  searchPath(place).flatMap((directory) =>
    ['.yaml', '.yml', '.json'].map((suffix) => join(directory, kind + suffix)),
  );

/** The directories that are searched for configuration files, first one first. */
export function searchPath(place: Place): string[] {
  const { cwd, env, etc = '/etc' } = place;
  const home = env.SNAP_REAL_HOME || place.home;
  return [
    ...new Set([
      cwd,
      ...userDirectory(place),
      ...(home ? [join(home, '.config', 'openstack')] : []),
      ...siteDirectories(place),
      join(etc, 'openstack'),
    ]),
  ];
}

/** The user's own, where the platform has it: https://pypi.org/project/platformdirs/ says so. */
function userDirectory({ platform, home, env }: Place): string[] {
  if (platform === 'win32') return env.LOCALAPPDATA ? [join(env.LOCALAPPDATA, 'OpenStack', 'openstack')] : [];
  if (platform === 'darwin') return home ? [join(home, 'Library', 'Application Support', 'openstack')] : [];
  if (env.XDG_CONFIG_HOME) return [join(env.XDG_CONFIG_HOME, 'openstack')];
  return home ? [join(home, '.config', 'openstack')] : [];
}

function siteDirectories({ platform, env, etc = '/etc' }: Place): string[] {
  if (platform === 'win32') return env.ProgramData ? [join(env.ProgramData, 'OpenStack', 'openstack')] : [];
  if (platform === 'darwin') return ['/Library/Application Support/openstack'];
  const directories = env.XDG_CONFIG_DIRS || join(etc, 'xdg');
  return directories
    .split(':')
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, 'openstack'));
}
