// Runs a command as tglance.js does, and keeps what V8 compiled for it: node bin/keep-compiled.js image-list
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { compiledFile, load, scripts } = require('./tglance.js');

const first = 'tglance.cjs';

process.on('exit', () => {
  // the first one's name does not change with what is in it, and there is little in it
  for (const [name, script] of [...scripts].filter(([name]) => name !== first)) {
    const file = compiledFile(name);
    const code = script.createCachedData();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.concat([code, code]));
  }
});

load(first);
