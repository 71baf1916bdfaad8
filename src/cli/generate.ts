import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pages } from '../generate/pages.ts';
import { loadProgram } from './program.ts';

/** Writes the completion scripts, the manual page and the reference into the folder it is run in. */
async function generate(): Promise<void> {
  const program = await loadProgram();
  for (const [path, write] of Object.entries(pages)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, write(program));
  }
}

void generate();
