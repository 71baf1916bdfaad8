import { type CloudEntry, findCloud } from './entry.ts';
import type { Place } from './search.ts';
import { lookUp } from './section.ts';
import { type SettingName, settingNames, settings, type Word } from './settings.ts';
import { settle, type Words } from './settle.ts';

/** The settings that hold for a run: what each is, and who said so. */
export interface Settings {
  /** The cloud that was chosen from a file, or `sandbox`; undefined when flags and variables say it all. */
  readonly cloud: string | undefined;
  /** The cloud is the sandbox that is built in, not one that a file defines. */
  readonly sandbox: boolean;
  get(name: SettingName): string | undefined;
  /** Who said it: `flag --os-username`, `OS_USERNAME`, `cloud 'prod' (/etc/openstack/clouds.yaml)`, `default`. */
  origin(name: SettingName): string | undefined;
  /** What was ignored and why, for `--debug`. */
  readonly notes: readonly string[];
  /** The values of all secret settings, those that were ignored too: to be kept out of every output. */
  readonly secrets: ReadonlySet<string>;
}

/** Where settings come from: the command line, and the place where the program runs. */
export interface Sources extends Place {
  readonly flags: { readonly [K in SettingName]?: string | boolean | undefined };
}

/**
 * Flags stand above everything; below them a named cloud, else the variables, else the only cloud of the files, as
 * openstacksdk has it. Variables that say who logs in are ignored when a cloud is named: they are another cloud's.
 */
export async function resolveSettings(sources: Sources): Promise<Settings> {
  const flags = wordsOfFlags(sources.flags);
  const variables = wordsOfVariables(sources.env);
  const notes: string[] = [];
  const region = flags.get('region_name') ?? variables.get('region_name');
  const entry = filesMatter(flags, variables, sources)
    ? await findCloud(named(flags, variables)?.word, region, sources, notes)
    : undefined;
  const sandbox = entry?.sections.length === 0;
  const beside = entry === undefined ? variables : besideCloud(variables, entry.name, sandbox, notes);
  const inFiles = entry === undefined ? new Map() : wordsOfEntry(entry);
  const values = settle([flags, beside, inFiles], sources.home, notes);
  return {
    cloud: entry?.name,
    sandbox,
    get: (name) => values.get(name)?.word,
    origin: (name) => values.get(name)?.origin,
    notes,
    secrets: new Set([flags, variables, inFiles].flatMap(secretsOf)),
  };
}

const named = (flags: Words, variables: Words) => flags.get('cloud') ?? variables.get('cloud');

/** Whether clouds.yaml is to be looked at: not when the variables, or a flag, say where to log in. */
function filesMatter(flags: Words, variables: Words, { env }: Place): boolean {
  const cloud = named(flags, variables)?.word;
  const inVariables = [...variables.keys()].some((name) => name !== 'cloud' && !settings[name].ambient);
  if (cloud !== undefined) return !(inVariables && cloud === (env.OS_CLOUD_NAME || 'envvars'));
  return !inVariables && !flags.has('auth_url') && !flags.has('auth_token');
}

/** The variables that apply although the cloud comes from elsewhere; none do to the sandbox. */
function besideCloud(variables: Words, cloud: string, sandbox: boolean, notes: string[]): Words {
  const applies = (name: SettingName) => name === 'cloud' || (settings[name].ambient && !sandbox);
  const ignored = [...variables].filter(([name]) => !applies(name)).map(([, { origin }]) => origin);
  if (ignored.length > 0) notes.push(`ignored because cloud '${cloud}' was named: ${ignored.join(', ')}`);
  return new Map([...variables].filter(([name]) => applies(name)));
}

function wordsOfFlags(flags: Sources['flags']): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const given = flags[name];
    if (given === undefined || given === '') continue;
    const spelling = settings[name].flags?.match(/--[^ ,]+(?= |$)/)?.[0] ?? name;
    words.set(name, { word: String(given), origin: `flag ${spelling}` });
  }
  return words;
}

function wordsOfVariables(env: Place['env']): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const origin = settings[name].env.find((variable) => env[variable]);
    const word = origin && env[origin];
    if (origin && word) words.set(name, { word, origin });
  }
  return words;
}

function wordsOfEntry({ name: cloud, sections }: CloudEntry): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const found = lookUp(sections, settings[name].cloud);
    if (found) words.set(name, { word: found.word, origin: `cloud '${cloud}' (${found.section.file})` });
  }
  return words;
}

const secretsOf = (words: Words) =>
  [...words].filter(([name]) => settings[name].secret).map(([, { word }]) => word);
