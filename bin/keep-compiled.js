// Runs a command as tglance.js does, and keeps what V8 compiled for it: node bin/keep-compiled.js image-list
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { compiledFile, first, load, scripts } = require('./tglance.js');

process.on('exit', () => {
  // there is little in the first one, and it might be another one tomorrow
  for (const [name, script] of [...scripts].filter(([name]) => name !== first)) {
    const file = compiledFile(name);
    const code = script.createCachedData();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.concat([code, code]));
  }
});

load(first);
