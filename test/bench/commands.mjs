import { join } from 'node:path';

const program = join(import.meta.dirname, '../../bin/tglance.js');

/** A command of a comparison: what it is called, what it runs, and what it is to reach, check and need. */
export const command = (name, argv, more = {}) => ({ name, argv, ...more });

/** Another program, called by its whole command line. */
export const peer = (...argv) => command(argv.join(' '), argv);

/** This program, as its users have it. */
export const tglance = (words, more, name = words.join(' ')) =>
  command(`tglance ${name}`, [process.execPath, program, ...words], more);

/** What every program written for Node.js costs at least. */
export const bareNode = command('node -e 0', [process.execPath, '-e', '0']);

/** The memory (MiB) that short commands may take. */
export const short = [50, 43];
