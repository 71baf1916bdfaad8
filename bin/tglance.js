#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

/** The file in which the answer to these words was written down when the program was built, if it was. */
function fileOf([first = 'help', second, ...more]) {
  const isHelp = (word) => ['--help', '-h'].includes(word);
  if (more.length > 0) return undefined;
  if (second === undefined) {
    if (first === '--version') return 'version';
    return first === 'help' || isHelp(first) ? 'help' : undefined;
  }
  const command = first === 'help' ? second : isHelp(second) ? first : '';
  return /^[a-z][a-z-]*$/.test(command) ? `help-${command}` : undefined;
}

/** Says it without loading the program; false when the program itself must say it, or what is wrong. */
function repeat(file) {
  try {
    writeSync(1, readFileSync(join(__dirname, `../dist/written/${file}.txt`)));
    return true;
  } catch {
    return false;
  }
}

const file = fileOf(process.argv.slice(2));
if (file === undefined || !repeat(file)) require('../dist/tglance.cjs');
