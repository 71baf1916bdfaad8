import { createRequire } from 'node:module';
import { defineConfig } from 'rolldown';

/** What this program never reaches of two packages, and what stands there instead: it would take longer than the rest. */
const unreached = {
  nothing: [/^node:(child_process|http)$|\/(client-h2|web\/fetch\/body)\.js$/, 'module.exports = {};'],
  assert: [/^node:assert$/, 'module.exports = (holds, why) => { if (!holds) throw new Error(why); };'],
};
const packages = /[\\/]node_modules[\\/](undici|commander)[\\/]/;

/** What nearly every command loads, with all that it needs: one chunk takes less time than thirty. */
const core = /[\\/]src[\\/](commands[\\/]image|cli[\\/](main|connect|wire|render[\\/]table))\.ts$/;

export default defineConfig({
  input: { tglance: 'src/cli/run.ts' },
  platform: 'node',
  external: ['lmdb'],
  // what is in the core stays in one chunk, whoever asks for it
  checks: { ineffectiveDynamicImport: false },
  plugins: [
    {
      name: 'leave-out',
      resolveId(source, importer = '') {
        if (!packages.test(importer)) return null;
        const found = Object.entries(unreached).find(([, [name]]) => name.test(source));
        return found === undefined ? null : `\0${found[0]}`;
      },
      load: (id) => unreached[id.slice(1)]?.[1],
    },
    {
      // as the bytes they are, and not in base64 inside of JavaScript
      name: 'wasm',
      load(id) {
        const [, name] = /[\\/](llhttp(?:_simd)?)-wasm\.js$/.exec(id) ?? [];
        if (name === undefined) return null;
        const fileName = `${name}.wasm`;
        this.emitFile({ type: 'asset', fileName, source: createRequire(import.meta.url)(id) });
        return `module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, '${fileName}'));`;
      },
    },
    {
      // bin/tglance.js calls what it loads; characters that are all ASCII are read faster, and kept in half the memory
      name: 'function',
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          const code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
          chunk.code = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
        }
      },
    },
  ],
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups: [{ name: 'core', test: core }] },
    // what bin/tglance.js loads has no other way
    dynamicImportInCjs: false,
    minify: true,
    cleanDir: true,
  },
});

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
