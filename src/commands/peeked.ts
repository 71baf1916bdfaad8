import type { App } from '../define/app.ts';
import type { Bytes } from '../disk/bytes.ts';
import { memoryBytes } from '../disk/file.ts';
import { headSize } from '../disk/format.ts';
import { formatOf } from '../disk/formats.ts';
import { gateOf } from '../disk/gate.ts';
import { DiskError } from '../errors.ts';
import type { Source } from '../transfer/source.ts';
import type { Prepared } from './prepared.ts';
import { type Declared, refuseDangers, refusePacked } from './refusals.ts';

/** Data that are not a file are known by how they begin, and by that alone. */
export async function peeked(
  app: App,
  source: Source,
  declared: Declared,
  wishes: { readonly allow_unsafe?: boolean },
): Promise<Prepared> {
  const { head, again } = await beginningOf(app, source);
  const bytes = memoryBytes(head);
  const format = await formatOf(bytes);
  refusePacked(app, source.name, format.name, declared);
  const { disk_format: said, container_format: container } = declared;
  const found = await format.inspect(bytes).catch((error: unknown) => {
    if (error instanceof DiskError) return undefined; // more of it would have to be seen
    throw error;
  });
  if (found !== undefined) refuseDangers(source.name, found, { ...wishes, backing: false });
  const seen = plain.find((it) => it === format.name);
  const isOther = typeof said === 'string' && seen !== said && (seen !== undefined || isPlain(said));
  if (isOther && (container ?? 'bare') === 'bare') {
    throw new DiskError(
      `${source.name} is no ${said} image: its data are ${format.name}; --no-inspect sends it nevertheless`,
    );
  }
  const disk_format = seen ?? (format.name === 'raw' && (await isDivided(bytes)) ? 'raw' : undefined);
  return {
    source: again,
    learned: disk_format === undefined ? {} : { disk_format, container_format: 'bare' },
  };
}

/** Whether Glance sees a partition table, and nothing wrong with it. */
async function isDivided(bytes: Bytes): Promise<boolean> {
  const { formats, failures } = await gateOf(bytes);
  return formats.join() === 'gpt' && failures.length === 0;
}

/** The formats that show themselves at the beginning, whose disk_formats have the same names. */
const plain: readonly string[] = ['qcow2', 'vmdk', 'vhdx', 'vdi'];
const isPlain = (format: string): boolean => plain.includes(format);

/** How data begin, and the same data from the beginning. */
export async function beginningOf(app: App, source: Source): Promise<{ head: Buffer; again: Source }> {
  const chunks = source.chunks()[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  const stop = () => void source.close(); // it may be waiting for somebody who sends nothing
  app.signal.throwIfAborted();
  app.signal.addEventListener('abort', stop, { once: true });
  try {
    for (let length = 0; length < headSize; ) {
      const { value, done } = await chunks.next();
      if (done) break;
      first.push(Buffer.from(value));
      length += value.length;
    }
  } finally {
    app.signal.removeEventListener('abort', stop);
    app.signal.throwIfAborted();
  }
  const head = Buffer.concat(first);
  if (source.again) {
    await chunks.return?.();
    return { head, again: source };
  }
  const rest = async function* () {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  return { head, again: { ...source, chunks: rest } };
}
