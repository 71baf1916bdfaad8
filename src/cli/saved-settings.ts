import { catalog } from '../commands/index.ts';
import { cloudNames } from '../config/entry.ts';
import type { Settings } from '../config/resolve.ts';
import { readSaved } from '../config/saved.ts';
import { type SettingName, settingNames, settings as table } from '../config/settings.ts';
import { didYouMean } from '../define/nearest.ts';
import type { Preference, Preferences } from '../define/preferences.ts';
import { MissingSetting, UsageError } from '../errors.ts';
import { redact } from '../http/redact.ts';
import type { Io } from './io.ts';
import { columnsIn, type Preferred, saveable, saveableOption } from './preferences.ts';

/** What the settings of a run come from. */
export interface Origins {
  readonly io: Io;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly saved: Preferred;
  readonly settings: () => Promise<Settings>;
  readonly tell: (line: string) => void;
}

/** The settings of a run for people to look at, and those that are saved to be changed. */
export function preferencesOf({ io, flags, saved, settings, tell }: Origins): Preferences {
  const all = async (): Promise<Preference[]> => {
    const connection = await settings().catch((error: unknown) => {
      // that no cloud was chosen is no reason to hide what else there is
      if (!(error instanceof MissingSetting)) throw error;
      tell(error.message);
      return undefined;
    });
    return [...(connection ? ofConnection(connection) : []), ...ofOutput(flags, saved)];
  };
  return {
    all,
    one: async (name) => {
      if (!isSetting(name) && saveableOption(name) === undefined) {
        throw unknown(name, [...settingNames, ...Object.keys(saveable)]);
      }
      // what is only about the output can be told although no cloud can
      const some = isSetting(name) ? await all() : ofOutput(flags, saved);
      return some.find((it) => it.name === name);
    },
    save: async (name, word) => {
      const option = saveableOption(name);
      if (option === undefined)
        throw isSetting(name) ? notToBeSaved(name) : unknown(name, Object.keys(saveable));
      if (word === '') throw new UsageError(`${name} cannot be ''; config-unset ${name} forgets it`);
      option.read(word, undefined);
      if (name.startsWith('columns.')) await refuseColumns(name.slice('columns.'.length), word);
      if (name === 'cloud' && !(await cloudNames(io)).includes(word))
        tell(`There is no cloud '${word}' here`);
      await change(saved.path, name, word);
      return saved.path;
    },
    forget: async (name) => {
      const present = readSaved(io).words.has(name);
      if (!present && saveableOption(name) === undefined) throw unknown(name, Object.keys(saveable));
      if (present) await change(saved.path, name, undefined);
      return present;
    },
  };
}

/** What writes the file takes longer to load than all the rest. */
const change = async (path: string, name: string, word: string | undefined): Promise<void> =>
  (await import('../config/saved-file.ts')).changeSaved(path, name, word);

const isSetting = (name: string): name is SettingName => Object.hasOwn(table, name);

const unknown = (name: string, names: readonly string[]) =>
  new UsageError(`There is no setting '${name}'${didYouMean(name, names)}`);

const notToBeSaved = (name: SettingName) =>
  new UsageError(
    `${name} belongs to a cloud, and into clouds.yaml; what can be saved is ${Object.keys(saveable).join(', ')} and columns.COMMAND`,
  );

function ofConnection(settings: Settings): Preference[] {
  const { cloud } = settings;
  const only = cloud !== undefined && settings.get('cloud') === undefined;
  return [
    ...(only ? [{ name: 'cloud', value: cloud, origin: 'the only one there is' }] : []),
    ...settingNames.flatMap((name) => {
      const value = settings.get(name);
      if (value === undefined) return [];
      const shown = table[name].secret ? '***' : redact(value);
      return [{ name, value: shown, origin: settings.origin(name) ?? '' }];
    }),
  ];
}

function ofOutput(flags: Origins['flags'], { path, words }: Preferred): Preference[] {
  const one = (name: 'format' | 'color' | 'progress', fallback?: string): Preference[] => {
    const given = flags[name];
    if (typeof given === 'string') return [{ name, value: given, origin: `flag --${name}` }];
    const word = words.get(name);
    if (word !== undefined) return [{ name, value: word, origin: `saved (${path})` }];
    return fallback === undefined ? [] : [{ name, value: fallback, origin: 'default' }];
  };
  const columns = [...words].filter(([name]) => name.startsWith('columns.'));
  return [
    ...one('format'),
    ...one('color', 'auto'),
    ...one('progress', 'auto'),
    ...columns.map(([name, value]) => ({ name, value, origin: `saved (${path})` })),
  ];
}

/** A slip would leave its column out without a word, and a list without any column shows nothing at all. */
async function refuseColumns(command: string, word: string): Promise<void> {
  const row = catalog.find(({ name }) => name === command);
  if (row === undefined) {
    const names = catalog.map(({ name }) => name);
    throw new UsageError(`There is no command '${command}'${didYouMean(command, names)}`);
  }
  const known = Object.keys((await row.load()).columns ?? {});
  if (known.length === 0) throw new UsageError(`${command} shows no list`);
  const plain = (name: string) => name.toLowerCase().replaceAll(' ', '_');
  const names = known.map(plain);
  const wanted = (columnsIn(word) ?? []).map(plain);
  const strange = wanted.filter((name) => !names.includes(name));
  const slip = strange.find((name) => didYouMean(name, names) !== '');
  if (slip === undefined && strange.length < wanted.length) return;
  const wrong = slip ?? word;
  throw new UsageError(
    `'${wrong}' is no column of ${command}${didYouMean(wrong, names)}; it has ${names.join(', ')}`,
  );
}
