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

/**
 * Whether V8 compiles what runs often once more, better. That costs as much as a short transfer or list does and is paid
 * back by long ones only; off, it also keeps V8 from what was compiled before, so it is to be put on again in any case.
 */
export const optimise = (on: boolean): void =>
  setFlagsFromString(`--max-optimized-bytecode-size=${on ? longest : 0}`);

/** V8 optimises no longer functions, in bytes, by itself. (`--no-opt` then `--opt` leaves another flag changed in Node 22.) */
const longest = 61_440;
