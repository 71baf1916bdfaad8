import { methodSettings } from '../config/login-settings.ts';
import { settingOptions } from '../config/settings.ts';
import { on, text } from '../define/option.ts';
import { outputOptions } from './render/options.ts';

const programOptions = {
  debug: on('-d, --debug', 'Show every request and answer, secrets left out', {
    env: ['GLANCECLIENT_DEBUG'],
  }),
  verbose: on('-v, --verbose', 'Show more columns in lists'),
  quiet: on('--quiet', 'Say nothing but errors on standard error'),
  no_cache: on('--no-cache', 'Log in anew, and keep nothing of it', { beyond: true }),
  version: on('--version', "Show the program's version"),
  help: on('-h, --help', 'Show this help, or that of a command'),
  // glance has them; here nothing asks, no schema is kept, and there is nothing to collect or to trace
  force: on('--force', 'Accepted for glance', { hidden: true }),
  get_schema: on('--get-schema', 'Accepted for glance', { hidden: true }),
  collect_timing: on('--collect-timing', 'Accepted for glance', { hidden: true }),
  profile: text('--profile <HMAC_KEY>', 'Accepted for glance', { hidden: true }),
};

const isRare = (name: string) => Object.hasOwn(methodSettings, name);
const settingsThat = (fit: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(settingOptions).filter(([name]) => fit(name)));

/** The options of every command, by the headings they stand under in the program's help. */
export const globalGroups = () => ({
  Options: programOptions,
  Output: outputOptions,
  Connection: settingsThat((name) => !isRare(name)),
  'Other kinds of login': settingsThat(isRare),
});

const { help, ...parsed } = programOptions;

/** The one that is no option of a command: its own help is. */
export const helpOption = help;

/** The others in one table, as a command's words are read with. */
export const globals = { ...settingOptions, ...outputOptions, ...parsed };
