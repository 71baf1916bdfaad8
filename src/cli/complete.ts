import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cloudNames } from '../config/entry.ts';
import type { Settings } from '../config/resolve.ts';
import { settingNames, settings as table } from '../config/settings.ts';
import { asWords } from '../generate/offer.ts';
import { createApp } from './app.ts';
import { globals } from './globals.ts';
import type { Io } from './io.ts';
import { kept } from './kept.ts';
import { isKind, thingsOf } from './named-things.ts';
import { parseGlobals } from './parse.ts';
import { saveable, saveableOption } from './preferences.ts';
import { loadProgram } from './program.ts';
import { harmless } from './render/harmless.ts';

/** Something that a person can name on a command line, by its name or its ID. */
export interface Thing {
  readonly name: string;
  readonly id?: string | undefined;
  readonly about?: string | undefined;
}

/** How long somebody who has pressed TAB is kept waiting (ms), and how many things are looked at in that time. */
const patience = 2000;
const most = 10_000;

/**
 * Answers a completion script's `tglance [OPTION...] __complete KIND PREFIX [WORD...]`: what there is of a kind, a line
 * each, with a description behind a tab. The words are those that the command was given before. Whatever goes wrong,
 * it says nothing.
 */
export async function complete(options: readonly string[], words: readonly string[], io: Io): Promise<void> {
  const [kind = '', prefix = '', ...before] = words;
  const things = await find(kind, before, options, io).catch(() => []);
  const found = things.length === 0 ? [] : lines(things, prefix);
  if (found.length > 0) await io.stdout.write(`${found.join('\n')}\n`);
}

async function find(
  kind: string,
  words: readonly string[],
  options: readonly string[],
  io: Io,
): Promise<Thing[]> {
  if (kind === 'cloud') return (await cloudNames(io)).map((name) => ({ name }));
  if (kind === 'setting') return settingsToSave();
  if (kind === 'setting-value') return valuesToSave(words[0] ?? '', io);
  if (!isKind(kind)) return [];
  const ended = new AbortController();
  const signal = AbortSignal.any([io.signal, ended.signal]);
  // nobody is there to answer a question, to read a warning or to unlock a password
  const flags = { ...parseGlobals(globals, options, io.env), quiet: true, auth_helper: undefined };
  const app = createApp(flags, {
    ...io,
    env: { ...io.env, OS_AUTH_HELPER: undefined },
    stderr: { ...io.stderr, isTTY: false },
    signal,
    ask: async () => undefined,
  });
  const collect = async (): Promise<Thing[]> => {
    const found: Thing[] = [];
    const all = (async () => {
      for await (const thing of thingsOf(kind, await app.glance(), words)) {
        found.push(thing);
        if (found.length === most) break;
      }
    })();
    await Promise.race([all.catch(() => {}), sleep(patience, undefined, { ref: false })]);
    return found;
  };
  try {
    return await kept(io, keyOf([kind, ...words], await app.settings()), collect);
  } finally {
    ended.abort();
    await app.close();
  }
}

async function settingsToSave(): Promise<Thing[]> {
  const { commands } = await loadProgram();
  const lists = commands.filter(({ columns }) => columns.length > 0);
  return [
    ...Object.entries(saveable).map(([name, { about }]) => ({ name, about })),
    ...lists.map(({ name, summary }) => ({ name: `columns.${name}`, about: summary })),
  ];
}

async function valuesToSave(setting: string, io: Io): Promise<Thing[]> {
  if (setting === 'cloud') return (await cloudNames(io)).map((name) => ({ name }));
  const { commands } = await loadProgram();
  const list = commands.find(({ name }) => `columns.${name}` === setting);
  const words = list === undefined ? saveableOption(setting)?.choices : asWords(list.columns);
  return (words ?? []).map((name) => ({ name: name.toLowerCase() }));
}

/** Names the question and the cloud, and whoever asks it; no password is in it, not even hidden. */
function keyOf(question: readonly string[], settings: Settings): string {
  const names = settingNames.filter((name) => !table[name].secret || name === 'auth_token');
  const whole = [question, settings.cloud, names.map((name) => settings.get(name) ?? null)];
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex');
}

/**
 * A thing is offered by its name where that can be typed and means nothing else, or else by its ID; by its ID too when
 * that is what somebody has begun to type.
 */
function lines(things: readonly Thing[], prefix: string): string[] {
  const counts = new Map<string, number>();
  for (const { name } of things) counts.set(name, (counts.get(name) ?? 0) + 1);
  const fits = (word: string) => word.toLowerCase().startsWith(prefix.toLowerCase());
  return things.flatMap(({ name, id, about }) => {
    const named = isWord(name) && (id === undefined || counts.get(name) === 1);
    const byName = named && fits(name) ? [line(name, about)] : [];
    const byId =
      id !== undefined && isWord(id) && (!named || prefix !== '') && fits(id) ? [line(id, name)] : [];
    return [...byName, ...byId];
  });
}

/** Whether it can stand on a command line as it is, and be shown on a terminal. */
const isWord = (name: string) => name !== '' && !name.startsWith('-') && harmless(name) === name;

const line = (word: string, about = '') => (about === '' ? word : `${word}\t${harmless(about).slice(0, 80)}`);
