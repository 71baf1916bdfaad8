import { arg, command } from '../define/command.ts';
import type { Preference } from '../define/preferences.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { NotFound } from '../errors.ts';

const name = arg('<NAME>', 'Name of the setting', 'setting');

export const set = command({
  about: `Save a setting for every run to come: cloud, interface, region_name, timeout, format, color (auto, always or
never), progress (auto, always or never: how far transfers are), or columns.COMMAND, the columns that a list shows. A
saved format counts as if -f had been given, saved columns in tables, csv and value. Flags, OS_* variables and
clouds.yaml are stronger; a saved cloud counts where none is named and no OS_* variables say who logs in.`,
  args: { name, value: arg('<VALUE>', 'What it is to be', 'setting-value') },
  examples: [
    'tglance config-set cloud prod',
    'tglance config-set format json',
    'tglance config-set columns.image-list id,name,status',
  ],
  run: async ({ args }, app) => {
    const preferences = await app.preferences();
    const file = await preferences.save(args.name, args.value);
    return done(`Saved ${args.name} in ${file}`);
  },
});

export const get = command({
  about:
    'Show what a setting is, and who says so: a flag, a variable, a cloud of clouds.yaml, or what is saved.',
  args: { name },
  examples: ['tglance config-get format', 'tglance config-get auth_url -f value -c value'],
  run: async ({ args }, app) => {
    const preferences = await app.preferences();
    const found = await preferences.one(args.name);
    if (found === undefined) throw new NotFound(`${args.name} is not set`);
    return record(found);
  },
});

const columns: Columns<Preference> = { Name: 'name', Value: 'value', Origin: 'origin' };

export const list = command({
  about:
    'List every setting that has a value, those of the connection too, and who says so: a flag, a variable, a cloud of clouds.yaml, or what is saved. Secrets are not shown.',
  columns,
  examples: ['tglance config-list', 'tglance --os-cloud prod config-list -f json'],
  run: async (_, app) => {
    const preferences = await app.preferences();
    return rows(await preferences.all(), columns, ['Name', 'Value', 'Origin']);
  },
});

export const unset = command({
  about: 'Forget a setting that is saved.',
  args: { name },
  examples: ['tglance config-unset format'],
  run: async ({ args }, app) => {
    const preferences = await app.preferences();
    const forgotten = await preferences.forget(args.name);
    return done(forgotten ? `Forgot ${args.name}` : `${args.name} was not saved`);
  },
});
