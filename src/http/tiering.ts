import { setFlagsFromString } from 'node:v8';

/**
 * Does what makes undici compile its HTTP parser, so that it is compiled once, at once, as fast as that goes. V8 would
 * soon compile it once more, better, which costs a short command more than everything else it does, and a long one
 * 30 MiB, and gains nothing. The flags are put back, for under others than its own V8 refuses what it compiled before,
 * of Node's modules and of ours.
 */
export function compileOnce(work: () => void): void {
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
  try {
    work();
  } finally {
    for (const flag of flags) setFlagsFromString(`--${flag}`);
  }
}

/** All of them are on by themselves. */
const flags = ['wasm-lazy-compilation', 'wasm-tier-up', 'wasm-dynamic-tiering'];
