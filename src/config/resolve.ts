import { findCloud, nameOfVariables } from './entry.ts';
import type { AskVendor } from './profile.ts';
import type { Place } from './search.ts';
import { type SettingName, settings, type Word } from './settings.ts';
import { settle, type Words } from './settle.ts';
import { ambientOf, noteUnused, secretsOf, wordsOfEntry, wordsOfFlags, wordsOfVariables } from './words.ts';

/** The settings that hold for a run: what each is, and who said so. */
export interface Settings extends Values {
  /** The cloud that was chosen from a file, or `sandbox`; undefined when flags and variables say it all. */
  readonly cloud: string | undefined;
  /** The cloud is the sandbox that is built in, not one that a file defines. */
  readonly sandbox: boolean;
  /** What was ignored and why, for `--debug`. */
  readonly notes: readonly string[];
  /** What a person should know. */
  readonly warnings: readonly string[];
  /** The values of all secret settings, those that were ignored too: to be kept out of every output. */
  readonly secrets: ReadonlySet<string>;
}

/** What settings are, and who says so. */
export interface Values {
  get(name: SettingName): string | undefined;
  /** Who said it: `flag --os-username`, `OS_USERNAME`, `cloud 'prod' (/etc/openstack/clouds.yaml)`, `default`. */
  origin(name: SettingName): string | undefined;
}

/** Where settings come from: the command line, what is saved, and the place where the program runs. */
export interface Sources extends Place {
  readonly flags: { readonly [K in SettingName]?: string | boolean | undefined };
  readonly saved?: Words;
  /** Gets what a vendor's address says, trusting the certificates that the settings so far do; without it none is asked. */
  readonly fetch?: ((url: URL, trust: Values) => Promise<unknown>) | undefined;
}

/**
 * Flags stand above everything; below them a named cloud, else the variables, else the only cloud of the files, as
 * openstacksdk has it; what is saved comes last. Variables that say who logs in are ignored when a cloud is named: they
 * are another cloud's.
 */
export async function resolveSettings(sources: Sources): Promise<Settings> {
  const flags = wordsOfFlags(sources.flags);
  const variables = wordsOfVariables(sources.env);
  const saved: Words = sources.saved ?? new Map();
  const notes: string[] = [];
  const warnings: string[] = [];
  const named =
    cloudOf(flags) ?? cloudOf(variables) ?? (saysWhere(flags, variables) ? undefined : cloudOf(saved));
  const region = flags.get('region_name') ?? variables.get('region_name');
  const ask = askVendor(sources, [flags, ambientOf(variables)]);
  const entry = filesMatter(named, flags, variables, sources)
    ? await findCloud(named, region, { place: sources, ask, notes, warnings })
    : undefined;
  const sandbox = entry?.sections.length === 0;
  const beside = entry === undefined ? variables : besideCloud(variables, entry.name, sandbox, notes);
  const inFiles: Words = entry === undefined ? new Map() : wordsOfEntry(entry);
  if (entry !== undefined) noteUnused(entry, notes);
  const below = [...saved].filter(([name, word]) => (name === 'cloud' ? word === named : !sandbox));
  return {
    ...valuesOf(settle([flags, beside, inFiles, new Map(below)], sources.home, notes)),
    cloud: entry?.name,
    sandbox,
    notes,
    warnings,
    secrets: new Set([flags, variables, inFiles].flatMap(secretsOf)),
  };
}

const cloudOf = (words: Words): Word | undefined => words.get('cloud');

/** Settled words to be asked for one by one. */
export const valuesOf = (values: Words): Values => ({
  get: (name) => values.get(name)?.word,
  origin: (name) => values.get(name)?.origin,
});

/** What the vendor says decides where the password goes: its certificate is verified whatever else is not. */
function askVendor({ fetch, home }: Sources, above: readonly Words[]): AskVendor | undefined {
  if (fetch === undefined) return undefined;
  return (url, own) => {
    const trust = settle([...above, wordsOfEntry({ name: '', sections: own })], home, []);
    return fetch(url, valuesOf(new Map([...trust].filter(([name]) => name !== 'insecure'))));
  };
}

/** Whether the variables, or a flag, say where to log in. */
export const saysWhere = (flags: Words, variables: Words): boolean =>
  flags.has('auth_url') ||
  (flags.has('auth_type') && flags.has('image_url')) ||
  flags.has('auth_token') ||
  [...variables.keys()].some((name) => name !== 'cloud' && !settings[name].ambient);

/** Whether clouds.yaml is to be looked at: not when the cloud is the one of the variables, or of the flags. */
function filesMatter(named: Word | undefined, flags: Words, variables: Words, { env }: Place): boolean {
  if (named === undefined) return !saysWhere(flags, variables);
  return !(saysWhere(new Map(), variables) && named.word === nameOfVariables(env));
}

/** The variables that apply although the cloud comes from elsewhere; none do to the sandbox. */
function besideCloud(variables: Words, cloud: string, sandbox: boolean, notes: string[]): Words {
  const applies = (name: SettingName) => name === 'cloud' || (settings[name].ambient && !sandbox);
  const ignored = [...variables].filter(([name]) => !applies(name)).map(([, { origin }]) => origin);
  if (ignored.length > 0) notes.push(`ignored because cloud '${cloud}' was named: ${ignored.join(', ')}`);
  return new Map([...variables].filter(([name]) => applies(name)));
}
