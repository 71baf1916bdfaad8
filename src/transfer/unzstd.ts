import type { ZSTDDecoder } from 'zstddec/stream';

/** What the module of WebAssembly offers: zstd's own functions and its memory (lib/zstd.h). */
interface Engine {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(at: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  /** How many bytes it would like next, 0 at the end of a frame, or the negative number of an error. */
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** Bytes that are packed, or unpacked, in one step. */
const step = 128 * 1024;

/**
 * Unpacks what zstd packed, also several frames behind each other; its windows have up to 128 MiB. Each piece is a new
 * one. Fails where the data are damaged or cut off, before it ends. Node's own zstd, where it has one, ends with the
 * first frame and does not tell.
 */
export async function* unzstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const engine = await theEngine();
  const context = engine.ZSTD_createDCtx();
  const [from, to, input, output] = [
    engine.malloc(step),
    engine.malloc(step),
    engine.malloc(12),
    engine.malloc(12),
  ];
  /** A ZSTD_inBuffer or ZSTD_outBuffer: where it is, its size, and how far it is done. */
  const put = (at: number, ...fields: readonly number[]) =>
    new Uint32Array(engine.memory.buffer, at, 3).set(fields);
  const doneOf = (at: number): number => new Uint32Array(engine.memory.buffer, at, 3)[2] ?? 0;
  let wanted = 0;
  try {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length; at += step) {
        const some = chunk.subarray(at, at + step);
        new Uint8Array(engine.memory.buffer).set(some, from);
        put(input, from, some.length, 0);
        let filled = step;
        while (doneOf(input) < some.length || (filled === step && wanted !== 0)) {
          put(output, to, step, 0);
          wanted = engine.ZSTD_decompressStream(context, output, input);
          if (wanted < 0) throw new Error(meanings[-wanted] ?? 'incorrect data');
          filled = doneOf(output);
          if (filled > 0) yield new Uint8Array(engine.memory.buffer).slice(to, to + filled);
        }
      }
    }
    if (wanted !== 0) throw new Error('unexpected end of file');
  } finally {
    for (const at of [from, to, input, output]) engine.free(at);
    engine.ZSTD_freeDCtx(context);
  }
}

/** The numbers of errors that need another word (lib/zstd_errors.h). */
const meanings: Readonly<Record<number, string>> = {
  10: 'what follows is not zstd',
  16: 'its window is larger than 128 MiB',
  22: 'incorrect data check',
  32: 'it needs a dictionary',
  64: 'there is no memory left',
};

let engine: Promise<Engine> | undefined;

const theEngine = (): Promise<Engine> => (engine ??= load());

/** The decoder of the package does not tell an error from a pause: it is only asked for the module that it loads. */
async function load(): Promise<Engine> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder: ZSTDDecoder = new ZSTDDecoder();
  const { _init: init } = decoder;
  let exported: unknown;
  decoder._init = (loaded) => {
    init(loaded);
    exported = loaded.instance.exports;
  };
  await decoder.init();
  return exported as Engine;
}
