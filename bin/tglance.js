#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

/** What the program says of itself is written down when it is built: nothing need be loaded to repeat it. */
const written = { '--version': 'version.txt', '--help': 'help.txt', '-h': 'help.txt', help: 'help.txt' };

function repeat([word = 'help', ...more]) {
  if (more.length > 0 || !Object.hasOwn(written, word)) return false;
  try {
    writeSync(1, readFileSync(join(__dirname, '../dist', written[word])));
    return true;
  } catch {
    return false; // the program itself says it, or what is wrong with the output
  }
}

if (!repeat(process.argv.slice(2))) require('../dist/tglance.cjs');
