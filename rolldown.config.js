import { createRequire } from 'node:module';
import { defineConfig } from 'rolldown';

/** What this program never reaches of two packages, and what stands there instead: it would take longer than the rest. */
const unreached = {
  nothing: [/^node:(child_process|http)$|\/(client-h2|web\/fetch\/body)\.js$/, 'module.exports = {};'],
  assert: [/^node:assert$/, 'module.exports = (holds, why) => { if (!holds) throw new Error(why); };'],
  // a header that is not in it is read letter by letter, which so few never cost more
  tree: [/\/tree(\.js)?$/, 'module.exports = { tree: { lookup: () => null } };'],
};
const packages = /[\\/]node_modules[\\/](undici|commander)[\\/]/;

/** What nearly every command loads, with all that it needs: one chunk takes less time than thirty. */
const core =
  /[\\/]src[\\/](commands[\\/]image|http[\\/]wire|cli[\\/](run|connect|wire|render[\\/]table))\.ts$/;

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
      // what it computes when it is loaded, without the computing
      name: 'constants',
      load(id) {
        if (!/[\\/]llhttp[\\/]constants\.js$/.test(id)) return null;
        const { ERROR, TYPE } = createRequire(import.meta.url)(id);
        return `module.exports = ${JSON.stringify({ ERROR, TYPE })};`;
      },
    },
    {
      // bin/tglance.js calls what it loads; characters that are all ASCII are read faster, and kept in half the memory
      name: 'function',
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          chunk.code = called(chunk.code.replace(/[^\0-\x7f]/g, escaped));
          if (!chunk.isEntry) continue;
          const source = called(`require('./${chunk.fileName}');`);
          this.emitFile({ type: 'asset', fileName: 'tglance.cjs', source });
        }
      },
    },
  ],
  output: {
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name]-[hash].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups: [{ name: 'core', test: core }] },
    // what bin/tglance.js loads has no other way
    dynamicImportInCjs: false,
    minify: true,
    cleanDir: true,
  },
});

const called = (code) => `(function (exports, require, module, __filename, __dirname) {${code}\n})`;

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
