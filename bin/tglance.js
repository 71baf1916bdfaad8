#!/usr/bin/env node
const { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } = require('node:fs');
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
  const module = { exports: {} };
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

/** Memory for one compiled chunk after the other, and for a piece of the same once more. */
const room = Buffer.allocUnsafeSlow(2 * 1024 * 1024);
const again = Buffer.allocUnsafeSlow(64 * 1024);

/** It stands in its file twice: V8 believes what it is given, and nothing shows damage faster than two that differ. */
function compiled(name) {
  let file;
  try {
    file = openSync(compiledFile(name));
    const length = readSync(file, room, 0, fstatSync(file).size / 2);
    for (let at = 0; at < length; ) {
      const end = at + readSync(file, again, 0, Math.min(again.length, length - at));
      if (end === at || again.compare(room, at, end, 0, end - at) !== 0) return undefined;
      at = end;
    }
    return length > 0 ? room.subarray(0, length) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

if (require.main === module) {
  const answer = answerTo(process.argv.slice(2));
  if (answer === undefined || !repeat(answer)) load(first);
}

module.exports = { compiledFile, first, load, scripts };
