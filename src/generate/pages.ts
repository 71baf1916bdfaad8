import type { Program } from '../define/program.ts';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { man } from './man.ts';
import { reference } from './reference.ts';
import { zsh } from './zsh.ts';

/** The files that are written from the program's own description, by their places. */
export const pages: Readonly<Record<string, (program: Program) => string>> = {
  'completions/tglance.bash': bash,
  'completions/_tglance': zsh,
  'completions/tglance.fish': fish,
  'man/tglance.1': man,
  'docs/commands.md': reference,
};
