import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';

/**
 * Does what makes undici compile its HTTP parser. V8 would soon compile it once more, better, which costs a short
 * command more than everything else it does; how soon, it notes now. The flag is put back at once, for under others
 * than its own V8 refuses what it compiled before, of Node's modules and of ours.
 */
export function compileOnce(work: () => void): void {
  const own = cachedDataVersionTag();
  setFlagsFromString(`--wasm-tiering-budget=${1e9}`);
  try {
    work();
  } finally {
    // Node.js 22 and later, 20
    for (const usual of [13_000_000, 1_800_000]) {
      if (cachedDataVersionTag() !== own) setFlagsFromString(`--wasm-tiering-budget=${usual}`);
    }
  }
}
