import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { catalog } from '../commands/index.ts';
import { globalGroups, globals } from './globals.ts';
import { overview, parse } from './parse.ts';

/** Writes what the program says of itself into the folder that is named, for `bin/tglance.js` to repeat. */
async function writeDown(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.txt`), text);
  write('version', `${manifest.version}\n`);
  write('help', overview(catalog, globalGroups()));
  for (const row of catalog) {
    const { help } = parse(row, await row.load(), globals, { before: [], after: ['--help'] }, {});
    write(`help-${row.name}`, help ?? '');
  }
}

void writeDown(process.argv[2] ?? '.');
