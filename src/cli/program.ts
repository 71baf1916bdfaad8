import { catalog } from '../commands/index.ts';
import { type SettingName, settings } from '../config/settings.ts';
import type { Row } from '../define/catalog.ts';
import { type Argument, arg, type Command } from '../define/command.ts';
import type { Option } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import { globalGroups } from './globals.ts';
import { shapeOf } from './words.ts';

/** Loads everything there is to say of the program. */
export async function loadProgram(): Promise<Program> {
  const pages = await Promise.all(catalog.map(async (row) => pageOf(row, await row.load())));
  const { Options, Output, ...ofSettings } = globalGroups();
  const withVariables = Object.entries(ofSettings).map(([heading, options]) => [
    heading,
    Object.entries(options).map(([name, option]) => {
      const { env } = settings[name as SettingName];
      return flagOf({ ...option, ...(env.length > 0 && { env }) });
    }),
  ]);
  return {
    commands: [...pages, help],
    globals: { Options: flagsOf(Options), Output: flagsOf(Output), ...Object.fromEntries(withVariables) },
  };
}

const pageOf = ({ name, group, summary }: Row, command: Command): Page => ({
  name,
  group,
  summary,
  about: command.about,
  args: Object.values<Argument>(command.args ?? {}),
  options: flagsOf(command.options ?? {}),
  columns: Object.keys(command.columns ?? {}),
  examples: command.examples ?? [],
});

const flagsOf = (table: Readonly<Record<string, Option>>): Flag[] => Object.values(table).map(flagOf);

function flagOf(option: Option): Flag {
  const { name, names, value } = shapeOf(option);
  return { ...option, name, names, value };
}

/** The one command that no row of the catalog stands for: it is about them all. */
const help: Page = {
  name: 'help',
  group: 'The program',
  summary: 'Show what the program, or a command, can do',
  about: 'Show the commands of the program and the options of every command, or all about one command.',
  args: [arg('[COMMAND]', 'Name of the command', 'command')],
  options: [],
  columns: [],
  examples: ['tglance help image-create'],
};
