import {
  Command as Commander,
  Argument as CommanderArgument,
  CommanderError,
  Option as CommanderOption,
  InvalidArgumentError,
} from 'commander';
import type { Row } from '../define/catalog.ts';
import { type Arguments, type Command, oneLine } from '../define/command.ts';
import { didYouMean } from '../define/nearest.ts';
import { aboutOf, chosenOf, type Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';
import { type Shape, shapeOf, spellOut } from './words.ts';

type Table = Readonly<Record<string, Option>>;
type Env = Readonly<Record<string, string | undefined>>;

/** A command line that has been understood, or the help it asked for. */
export type Parsed =
  | { readonly help: string }
  | {
      readonly help: undefined;
      readonly args: Record<string, unknown>;
      readonly options: Record<string, unknown>;
      readonly globals: Record<string, unknown>;
    };

/** A command line, split at the command's name. */
export interface Words {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Reads the words of one command with commander, which nothing else imports. `globals` are accepted before the
 * command's name and among its own options; where two have the same flag, the command's own wins behind its name.
 */
export function parse(row: Row, command: Command, globals: Table, words: Words, env: Env): Parsed {
  const own = command.options ?? {};
  const ownShapes = Object.values(own).map(shapeOf);
  const taken = new Set(ownShapes.flatMap(({ names }) => names));
  const isFree = ({ names }: Shape) => !names.some((name) => taken.has(name));

  const { program, help } = describe(row, command);
  const spelled = spellOut(words.after, ownShapes, Object.values(globals).map(shapeOf).filter(isFree));
  const meant = meaning(spelled);
  const readOwn = attach(program, own, meant, false);
  const readOthers = attach(program, globals, (shape) => meant(shape) && isFree(shape), true);
  const asked = read(program, spelled, [own, globals]);
  if (asked) return { help: help.join('') };

  const names = Object.keys(command.args ?? {});
  const extra = program.args.slice(names.length);
  if (extra.length > 0 && !program.registeredArguments.at(-1)?.variadic)
    throw new UsageError(`unrecognized arguments: ${extra.join(' ')}`);
  const args = Object.fromEntries(names.map((name, at) => [name, program.processedArgs[at]]));
  return {
    help: undefined,
    args,
    options: readOwn(env),
    globals: { ...parseGlobals(globals, words.before, env), ...readOthers({}) },
  };
}

/** Reads the words before the command's name. */
export function parseGlobals(globals: Table, words: readonly string[], env: Env): Record<string, unknown> {
  if (words.length === 0) return valuesOf(globals, () => undefined, env);
  const { program } = bare('tglance');
  const spelled = spellOut(words, [], Object.values(globals).map(shapeOf));
  const values = attach(program, globals, meaning(spelled), true);
  read(program, spelled, [globals]);
  return values(env);
}

/** Whether the words ask for help; what is wrong with them is a UsageError. */
function read(program: Commander, words: readonly string[], tables: readonly Table[]): boolean {
  try {
    program.parse(words, { from: 'user' });
    return false;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return true;
    if (error.code === 'commander.unknownOption') throw unknownOption(quoted(error), tables);
    throw new UsageError(plain(error));
  }
}

/** The help of the whole program: its commands by group, then the options that every command takes. */
export function overview(catalog: readonly Row[], groups: Readonly<Record<string, Table>>): string {
  const { program } = bare('tglance');
  const helper = program.createHelp();
  helper.prepareContext({ helpWidth: 100 });
  const headings = new Set(catalog.map(({ group }) => group));
  const commands = (heading: string) => catalog.filter(({ group }) => group === heading);
  const section = (heading: string, items: readonly (readonly [term: string, about: string])[]) =>
    helper.formatItemList(
      `${heading}:`,
      items.map(([term, about]) => helper.formatItem(term, termWidth, about, helper)),
      helper,
    );
  return [
    'Usage: tglance [options] <command> [arguments]',
    '',
    'The image client for OpenStack clouds, and for disk images as files.',
    '',
    ...[...headings].flatMap((heading) =>
      section(
        heading,
        commands(heading).map(({ name, summary }) => [name, summary]),
      ),
    ),
    ...Object.entries(groups).flatMap(([heading, table]) => {
      const shown = Object.values(table).filter(({ hidden }) => !hidden);
      return section(
        heading,
        shown.map((option) => [toCommander(option, shapeOf(option)).flags, aboutOf(option)]),
      );
    }),
    'See "tglance help COMMAND" for help on a specific command.',
    '',
  ].join('\n');
}

const termWidth = 34;

/** The error for a word that is no command, with the nearest one that is. */
export function unknownCommand(catalog: readonly Row[], word: string): UsageError {
  const names = catalog.map(({ name }) => name);
  return new UsageError(`unknown command '${word}'${didYouMean(word, names)}`);
}

/** The error for a word that is no option of any of the tables, with the nearest one that is. */
export function unknownOption(word: string, tables: readonly Table[]): UsageError {
  const shown = tables.flatMap((table) => Object.values(table).filter(({ hidden }) => !hidden));
  const names = shown.flatMap((option) => shapeOf(option).names).filter((name) => name.startsWith('--'));
  return new UsageError(`unknown option '${word}'${didYouMean(word.replace(/=.*/s, ''), names)}`);
}

/** The word that commander complains of; it says so nowhere else. */
const quoted = ({ message }: CommanderError) => /'(.*)'/s.exec(message)?.[1] ?? '';

const plain = ({ message }: CommanderError) => message.replace(/^error: /, '').replaceAll('\n', ' ');

function bare(name: string): { program: Commander; help: string[] } {
  const help: string[] = [];
  const program = new Commander(name)
    .exitOverride()
    .configureOutput({ writeOut: (text) => help.push(text), writeErr: () => {}, outputError: () => {} })
    .helpCommand(false)
    .configureHelp({ optionDescription: ({ description }) => description })
    .helpOption('-h, --help', 'Show this help');
  return { program, help };
}

function describe(row: Row, command: Command): { program: Commander; help: string[] } {
  const { program, help } = bare(`tglance ${row.name}`);
  program.description(oneLine(command.about)).allowExcessArguments();
  for (const argument of Object.values<Arguments[string]>(command.args ?? {})) {
    const it = new CommanderArgument(argument.name, argument.about);
    const { choices } = argument;
    if (choices !== undefined)
      it.choices([...choices]).argParser(refusing((word) => chosenOf(choices, word)));
    program.addArgument(it);
  }
  program.addHelpText('after', afterHelp(command));
  return { program, help };
}

/**
 * Adds the options of a table that may be meant, for telling commander of a hundred takes longer than all else
 * it does. Gives the function that reads the values of the whole table back under its keys.
 */
function attach(
  program: Commander,
  table: Table,
  isMeant: (shape: Shape) => boolean,
  hidden: boolean,
): (env: Env) => Record<string, unknown> {
  const names = new Map<string, string>();
  for (const key of Object.keys(table)) {
    const option = table[key] as Option;
    const shape = shapeOf(option);
    if (!option.required && !isMeant(shape)) continue;
    const it = toCommander(option, shape);
    if (hidden || option.hidden) it.hideHelp();
    program.addOption(it);
    names.set(key, it.attributeName());
  }
  return (env) => {
    const values = program.opts();
    return valuesOf(table, (key) => values[names.get(key) ?? ''], env);
  };
}

/** The values of a table under its keys: what the words said, and what is said elsewhere of the others. */
function valuesOf(table: Table, said: (key: string) => unknown, env: Env): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(table)) {
    const value = said(key) ?? elsewhere(table[key] as Option, env);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** Whether words that are spelled out may mean an option: by its name, as one letter of several, or by showing it in help. */
function meaning(words: readonly string[]): (shape: Shape) => boolean {
  const given = new Set(words.map((word) => word.split('=', 1)[0]));
  const any = given.has('--help') || words.some((word) => /^-[^-]/.test(word));
  return ({ name }) => any || given.has(name);
}

function toCommander(option: Option, { name, names, value }: Shape): CommanderOption {
  const short = names.find((word) => /^-[^-]$/.test(word));
  const it = new CommanderOption(
    `${short === undefined ? '' : `${short}, `}${name} ${value}`.trim(),
    aboutOf(option),
  );
  // commander would take --no-cache for the opposite of --cache, which nobody has
  it.negate = false;
  if (value !== '') it.argParser(refusing((word, before) => option.read(word, before)));
  if (value.startsWith('[')) it.preset('true');
  if (option.required) it.makeOptionMandatory();
  it.flags = it.flags.replace(' [=', '[=');
  return it;
}

/** Refuses as commander wants it, so that it says what was refused. */
const refusing = (read: (word: string, before: unknown) => unknown) => (word: string, before: unknown) => {
  try {
    return read(word, before);
  } catch (error) {
    throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
  }
};

function elsewhere(option: Option, env: Env): unknown {
  const variable = option.env?.find((name) => env[name]);
  if (variable === undefined) return option.fallback;
  const word = env[variable] ?? '';
  try {
    return option.read(word, undefined);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${variable}: ${error.message}`) : error;
  }
}

function afterHelp({ examples = [] }: Command): string {
  const lines = examples.map((line) => `\n  $ ${line}`);
  const block = lines.length === 0 ? '' : `\nExamples:${lines.join('')}\n`;
  return `${block}\nOptions for output and connection stand in 'tglance help'.`;
}
