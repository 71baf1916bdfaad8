import type { CloudEntry } from './entry.ts';
import type { Place } from './search.ts';
import { besideAuth, lookUp } from './section.ts';
import { type SettingName, settingNames, settings, type Word } from './settings.ts';
import type { Words } from './settle.ts';

/** What the command line says. */
export function wordsOfFlags(flags: { readonly [K in SettingName]?: string | boolean | undefined }): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const given = flags[name];
    if (given === undefined || given === '') continue;
    const spelling = settings[name].flags?.match(/--[^ ,]+(?= |$)/)?.[0] ?? name;
    words.set(name, { word: String(given), origin: `flag ${spelling}` });
  }
  return words;
}

/** What the variables say. */
export function wordsOfVariables(env: Place['env']): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const origin = settings[name].env.find((variable) => env[variable]);
    const word = origin && env[origin];
    if (origin && word) words.set(name, { word, origin });
  }
  return words;
}

/** Those that say how to connect, not as whom. */
export const ambientOf = (words: Words): Words =>
  new Map([...words].filter(([name]) => settings[name].ambient));

/** What the files say of a cloud. */
export function wordsOfEntry({ name: cloud, sections }: Pick<CloudEntry, 'name' | 'sections'>): Words {
  const words = new Map<SettingName, Word>();
  for (const name of settingNames) {
    const found = lookUp(sections, settings[name].cloud);
    if (found) words.set(name, { word: found.word, origin: `cloud '${cloud}' (${found.section.file})` });
  }
  return words;
}

/** What files say of a cloud that nothing here uses: another service's, another program's, or a slip. */
export function noteUnused({ name, sections }: CloudEntry, notes: string[]): void {
  const keys = Object.values(settings).flatMap(({ cloud }) => cloud);
  const used = new Set([...keys, ...besideAuth(keys), 'profile', 'cloud', 'regions', 'status', 'message']);
  const files = new Map<string, Set<string>>();
  for (const { file, keys: written } of sections) {
    const unused = written.filter((key) => !used.has(key));
    files.set(file, new Set([...(files.get(file) ?? []), ...unused]));
  }
  for (const [file, unused] of files) {
    if (unused.size > 0) notes.push(`not used of cloud '${name}' (${file}): ${[...unused].join(', ')}`);
  }
}

/** Whatever is secret in them. */
export const secretsOf = (words: Words): string[] =>
  [...words].filter(([name]) => settings[name].secret).map(([, { word }]) => word);
