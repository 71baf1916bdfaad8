import { readSaved, type Saved } from '../config/saved.ts';
import { type SettingName, settingOptions } from '../config/settings.ts';
import type { Words } from '../config/settle.ts';
import { didYouMean } from '../define/nearest.ts';
import { type Option, oneOf, text } from '../define/option.ts';
import { UsageError } from '../errors.ts';
import type { Io } from './io.ts';
import { type OutputChoice, outputOptions } from './render/options.ts';

const connectionOptions = {
  cloud: settingOptions.cloud,
  interface: settingOptions.interface,
  region_name: settingOptions.region_name,
  timeout: settingOptions.timeout,
};

const ownOptions = {
  format: outputOptions.format,
  color: outputOptions.color,
  progress: oneOf('--progress <WHEN>', 'Show how far transfers are: auto shows long ones on a terminal', [
    'auto',
    'always',
    'never',
  ]),
};

/** What people can save, beside the columns of each list: read as the options of the same name are. */
export const saveable: Readonly<Record<string, Option>> = { ...connectionOptions, ...ownOptions };

const columnsOption = text('--columns <COLUMN,...>', 'Columns that a list shows');

/** How the words of a setting that can be saved are read, or undefined when there is no such setting. */
export const saveableOption = (name: string): Option | undefined => {
  if (/^columns\.[a-z][a-z-]*$/.test(name)) return columnsOption;
  return Object.hasOwn(saveable, name) ? saveable[name] : undefined;
};

/** What is saved and can be used, as every command reads it. */
export interface Preferred extends Pick<Saved, 'path' | 'words' | 'problems'> {
  readonly connection: Words;
  readonly progress: 'auto' | 'always' | 'never' | undefined;
}

/** Reads what is saved; what cannot be used is among the problems, and else it is as if it was not there. */
export function readPreferences(io: Io): Preferred {
  const { path, words: all, problems } = readSaved(io);
  const refused = new Map([...all].flatMap(([name, word]) => refusalOf(name, word)));
  const words = new Map([...all].filter(([name]) => !refused.has(name)));
  const connection = new Map(
    Object.keys(connectionOptions).flatMap((name) => {
      const word = words.get(name);
      return word === undefined ? [] : [[name as SettingName, { word, origin: `saved (${path})` }]];
    }),
  );
  return {
    path,
    words,
    problems: [...problems, ...[...refused].map(([name, why]) => `${path}: ${name} is passed over: ${why}`)],
    connection,
    progress: wordAs(ownOptions.progress, words.get('progress')),
  };
}

function refusalOf(name: string, word: string): [name: string, why: string][] {
  const option = saveableOption(name);
  if (option === undefined) return [[name, `no such setting${didYouMean(name, Object.keys(saveable))}`]];
  try {
    option.read(word, undefined);
    return [];
  } catch (error) {
    if (error instanceof UsageError) return [[name, error.message]];
    throw error;
  }
}

const wordAs = <T>(option: Option<T>, word: string | undefined): T | undefined =>
  word === undefined ? undefined : option.read(word, undefined);

/**
 * What was said of the output, and where nothing was, what is saved: a format as if it had been given, columns where
 * columns are shown. JSON and YAML stay complete, for programs read them.
 */
export function outputOf(given: OutputChoice, { words }: Preferred, command: string): OutputChoice {
  const format = given.format ?? wordAs(ownOptions.format, words.get('format'));
  const color = given.color ?? wordAs(ownOptions.color, words.get('color'));
  const inColumns = format === undefined || ['table', 'csv', 'value'].includes(format);
  const column = given.column ?? (inColumns ? columnsIn(words.get(`columns.${command}`)) : undefined);
  return { ...given, ...(format && { format }), ...(color && { color }), ...(column && { column }) };
}

/** The columns in a word with commas. */
export const columnsIn = (word: string | undefined): string[] | undefined =>
  word
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
