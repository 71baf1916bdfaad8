import { Unread } from '../errors.ts';
import { bootOf } from './boot.ts';
import type { Guest } from './guest.ts';
import { filesIn, firstOf, linesOf, type Note } from './note.ts';
import type { Tree } from './tree.ts';
import { enablementOf, switching } from './units.ts';
import { longestYaml, readYaml } from './yaml.ts';

/** What cloud-init is told to do, files merged as it merges them. */
export interface CloudInit {
  /** Empty when it runs; else each reason why not. */
  readonly hindrances: readonly Note[];
  /** Undefined where it is not installed. */
  readonly program: string | undefined;
  setting(...path: readonly string[]): unknown;
  /** Whether one of its modules is in any of its lists. */
  runs(module: string): boolean;
  /** The file that says the last word on a setting. */
  origin(name: string): string;
}

const advice = 'Install cloud-init and enable its four services.';
const known = new WeakMap<Guest, Promise<CloudInit>>();

/** Reads it once for all checks of a guest. */
export function cloudInitOf(guest: Guest): Promise<CloudInit> {
  const found = known.get(guest) ?? read(guest);
  known.set(guest, found);
  return found;
}

async function read(guest: Guest): Promise<CloudInit> {
  const { tree } = guest;
  const program = await firstOf(tree, ['/usr/bin/cloud-init', '/usr/local/bin/cloud-init']);
  const origins = new Map<string, string>();
  let merged: Settings = {};
  const files = program === undefined ? [] : await filesIn(tree, ['/etc/cloud/cloud.cfg.d'], /\.cfg$/);
  let left = 4 * longestYaml;
  for (const path of program === undefined ? [] : ['/etc/cloud/cloud.cfg', ...files]) {
    const text = (await tree.text(path)) ?? '';
    left -= text.length;
    if (left < 0) throw new Unread(`${path} and those before it are more YAML than is read`);
    const settings = await readYaml(text, path);
    if (!isSettings(settings)) continue;
    merged = merge(merged, settings);
    for (const name of Object.keys(settings)) origins.set(name, path);
  }
  const setting = (...path: readonly string[]) =>
    path.reduce<unknown>((at, name) => (isSettings(at) ? at[name] : undefined), merged);
  const modules = ['cloud_init_modules', 'cloud_config_modules', 'cloud_final_modules'].flatMap((list) =>
    namesOf(setting(list)),
  );
  return {
    program,
    hindrances: program === undefined ? [notInstalled] : await hindrances(guest),
    setting,
    runs: (module) => modules.includes(module),
    origin: (name) => origins.get(name) ?? '/etc/cloud/cloud.cfg',
  };
}

/** What is missing in an image that was not made for clouds. */
export const notInstalled: Note = { verdict: 'fail', text: 'cloud-init is not installed', advice };

interface Settings {
  readonly [name: string]: unknown;
}

export const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What comes later wins; only tables are put together. */
function merge(before: Settings, after: Settings): Settings {
  const entries = Object.entries(after).map(([name, value]) => {
    const own = Object.hasOwn(before, name) ? before[name] : undefined;
    return [name, isSettings(own) && isSettings(value) ? merge(own, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}

/** A module is a name, or a list that begins with one; `scripts-user` and `scripts_user` are the same. */
const namesOf = (list: unknown): string[] =>
  (Array.isArray(list) ? list : []).map((it) => String(Array.isArray(it) ? it[0] : it).replaceAll('-', '_'));

const stages = [
  ['cloud-init-local.service'],
  ['cloud-init-main.service', 'cloud-init-network.service', 'cloud-init.service'],
  ['cloud-config.service'],
  ['cloud-final.service'],
];

async function hindrances({ tree, ...guest }: Guest): Promise<Note[]> {
  const found: Note[] = [];
  for (const units of stages) {
    const { state, unit, path } = await enablementOf(tree, ...units);
    if (state !== 'enabled') {
      const how = state === 'disabled' ? `Run ${switching('enable', unit)}.` : advice;
      found.push({
        verdict: 'fail',
        text: `${unit} is ${state}`,
        ...(path && { evidence: path }),
        advice: how,
      });
    }
  }
  const switchedOff = '/etc/cloud/cloud-init.disabled';
  if ((await tree.at(switchedOff)) !== undefined) {
    found.push({
      verdict: 'fail',
      text: 'cloud-init is switched off',
      evidence: switchedOff,
      advice: `Remove ${switchedOff}.`,
    });
  }
  for (const { options, path, line } of (await bootOf({ tree, ...guest })).defaults) {
    if (options.includes('cloud-init=disabled')) {
      const evidence = `${path}:${line} cloud-init=disabled`;
      found.push({
        verdict: 'fail',
        text: 'the kernel is told to switch cloud-init off',
        evidence,
        advice: 'Remove cloud-init=disabled from the kernel command line.',
      });
    }
  }
  return [...found, ...(await identified(tree))];
}

const identify = '/etc/cloud/ds-identify.cfg';

/** What decides before cloud-init does. */
async function identified(tree: Tree): Promise<Note[]> {
  return (await linesOf(tree, identify))
    .filter(({ text }) => /^policy:\s*disabled/.test(text))
    .map(({ number, text }) => ({
      verdict: 'fail',
      text: 'cloud-init is switched off',
      evidence: `${identify}:${number} ${text}`,
      advice: `Remove the policy from ${identify}.`,
    }));
}
