import { VerifyError } from '../errors.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** A way of packing: how what is packed begins, and who unpacks it, loaded when it is needed. */
interface Packing {
  readonly magic: string;
  load(): Promise<(packed: Chunks) => Chunks>;
}

const packings: Readonly<Record<string, Packing>> = {
  gzip: { magic: '\x1f\x8b', load: async () => (await import('./gunzip.ts')).gunzip },
  bzip2: { magic: 'BZh', load: async () => (await import('./bunzip2.ts')).bunzip2 },
  xz: { magic: '\xfd7zXZ\0', load: async () => (await import('./unxz.ts')).unxz },
  zstd: { magic: '\x28\xb5\x2f\xfd', load: async () => (await import('./unzstd.ts')).unzstd },
};

/** Whether what is packed in the way of that name can be unpacked. */
export const canUnpack = (name: string): boolean => Object.hasOwn(packings, name);

/** What is expected of what is within packed data. */
export interface Expected {
  /** Bytes, where somebody knows. */
  readonly size: number | undefined;
  /** Refuses, by throwing, so many bytes that come from so many packed ones. */
  bound(unpacked: number, packed: number): void;
}

/**
 * What is packed in a source, as a source. The last piece comes only when all is known to be right: a receiver who has
 * all the bytes takes them for the image.
 */
export const unpackedSource = (source: Source, { size, bound }: Expected): Source => ({
  ...source,
  size,
  async *chunks() {
    let [came, gave] = [0, 0];
    const packed = seen(source.chunks(), (length) => {
      came += length;
    });
    let held: Uint8Array | undefined;
    for await (const piece of unpacked(packed, source.name)) {
      gave += piece.length;
      if (size === undefined) bound(gave, came);
      if (held !== undefined) yield held;
      held = piece;
    }
    if (held !== undefined) yield held;
  },
});

async function* seen(chunks: Chunks, see: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    see(chunk.length);
    yield chunk;
  }
}

/** A sink for data that are packed: what is in them goes on to another. */
export function unpacking(to: Sink): Sink {
  const begin = () => {
    const packed = channel();
    const passed = passOn(unpacked(packed.chunks(), 'The data'), to, packed);
    passed.catch(() => {}); // told by whoever waits for it next
    return { packed, passed };
  };
  let { packed, passed } = begin();
  const { rewind } = to;
  return {
    write: (chunk) => Promise.race([packed.put(chunk), passed]),
    ...(rewind && {
      rewind() {
        packed.stop();
        rewind();
        ({ packed, passed } = begin());
      },
    }),
    async finish() {
      packed.end();
      await passed;
      await to.finish();
    },
    abandon(why) {
      packed.stop();
      return to.abandon(why);
    },
  };
}

async function passOn(chunks: Chunks, to: Sink, packed: Channel): Promise<void> {
  for await (const piece of chunks) {
    if (packed.isStopped()) return;
    await to.write(piece);
  }
}

/** Chunks that one side puts in and the other takes out, one at a time. */
interface Channel {
  /** Resolves when the chunk is not needed any more. */
  put(chunk: Uint8Array): Promise<void>;
  end(): void;
  /** Whoever takes them gets no more, and not the end either. */
  stop(): void;
  isStopped(): boolean;
  chunks(): Chunks;
}

function channel(): Channel {
  let there: { readonly chunk: Uint8Array; taken(): void } | undefined;
  let state: 'open' | 'ended' | 'stopped' = 'open';
  let wake = () => {};
  const become = (next: typeof state) => {
    state = next;
    wake();
  };
  return {
    put: (chunk) =>
      new Promise((taken) => {
        there = { chunk, taken };
        wake();
      }),
    end: () => become('ended'),
    stop: () => become('stopped'),
    isStopped: () => state === 'stopped',
    async *chunks() {
      for (;;) {
        if (there === undefined && state === 'open') await new Promise<void>((resolve) => (wake = resolve));
        if (state === 'stopped') throw new Error('stopped');
        if (there === undefined) return;
        yield there.chunk;
        const { taken } = there;
        there = undefined;
        taken();
      }
    },
  };
}

/** What is in packed chunks, in pieces of their own; `name` is what a message calls them. */
async function* unpacked(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  let trouble: { readonly error: unknown } | undefined;
  const source = chunks[Symbol.asyncIterator]();
  const head = await beginningOf(source);
  const packing = Object.values(packings).find(({ magic }) => begins(head, magic));
  if (packing === undefined) {
    throw new VerifyError(`${name} cannot be unpacked: not packed by ${Object.keys(packings).join(', ')}`);
  }
  const all = async function* () {
    yield head;
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    } catch (error) {
      trouble = { error };
      throw error;
    }
  };
  const unpack = await packing.load();
  try {
    yield* unpack(all());
  } catch (cause) {
    if (trouble !== undefined) throw trouble.error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VerifyError(`${name} cannot be unpacked: ${why}`, { cause });
  }
}

const begins = (head: Buffer, magic: string): boolean => head.toString('latin1', 0, magic.length) === magic;

/** As many bytes as tell how they are packed, or all. */
async function beginningOf(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 6) {
    const { value, done } = await source.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}
