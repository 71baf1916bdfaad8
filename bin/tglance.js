#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '../dist');

/** The file in which the answer to these words was written down when the program was built, if it was. */
function answerTo([first = 'help', second, ...more]) {
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
function repeat(answer) {
  try {
    writeSync(1, readFileSync(join(dist, `written/${answer}.txt`)));
    return true;
  } catch {
    return false;
  }
}

/** What to begin with: it names the first chunk, and its own name, unlike the others', is always the same. */
const first = 'tglance.cjs';

/** The chunks that were loaded, and the scripts they are, by name. */
const chunks = new Map();
const scripts = new Map();

/** Loads a chunk of the program, with what V8 compiled of it when the program was built, if it is of use here. */
function load(name) {
  const known = chunks.get(name);
  if (known !== undefined) return known.exports;
  const filename = join(dist, name);
  const cachedData = name === first ? undefined : compiled(name);
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  // without a prototype it is a dictionary from the start: V8 makes no shape for each of two hundred names
  const module = { exports: Object.create(null) };
  chunks.set(name, module);
  scripts.set(name, script);
  const from = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  script.runInThisContext()(module.exports, from, module, filename, dist);
  return module.exports;
}

/**
 * Where the compiled form of a chunk is kept for this very Node.js: in the program's own folder, where nobody can
 * change it who could not change the program.
 */
const compiledFile = (name) => join(dist, `compiled/${process.version}-${process.arch}/${name}`);

/** It stands in its file twice: V8 believes what it is given, and nothing shows damage faster than two that differ. */
function compiled(name) {
  try {
    const bytes = readFileSync(compiledFile(name));
    const half = bytes.length / 2;
    return half > 0 && bytes.compare(bytes, 0, half, half) === 0 ? bytes.subarray(0, half) : undefined;
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  const answer = answerTo(process.argv.slice(2));
  if (answer === undefined || !repeat(answer)) load(first);
}

module.exports = { compiledFile, first, load, scripts };
