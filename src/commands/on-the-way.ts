import type { App } from '../define/app.ts';
import { memoryBytes } from '../disk/file.ts';
import { formatOf, openDisk } from '../disk/formats.ts';
import { gateOf, refusalOf } from '../disk/gate.ts';
import { inspect } from '../disk/inspect.ts';
import { streamOf, type Target } from '../disk/streams.ts';
import { DiskError, UsageError, VerifyError } from '../errors.ts';
import type { Source } from '../transfer/source.ts';
import { unpackedSource } from '../transfer/unpack.ts';
import { openFiles } from './named-files.ts';
import type { Prepared } from './prepared.ts';
import { type Declared, refuseDangers } from './refusals.ts';
import { streamSource } from './stream-source.ts';

/** The disk in a file as a file of another format. */
export async function converted(
  app: App,
  path: string,
  to: Target,
  { disk_format: said, container_format: container }: Declared,
  wishes: { readonly allow_unsafe?: boolean; readonly no_inspect?: boolean; readonly backing?: boolean },
): Promise<Prepared> {
  refuseOther(said, to);
  const file = await openFiles(app, path, wishes);
  try {
    const found = await inspect(file.bytes);
    refuseDangers(path, found, wishes);
    const disk = await openDisk(file.bytes, found.format);
    const refusal =
      to === 'raw' && !wishes.no_inspect ? refusalOf(await gateOf(disk), to, container ?? 'bare') : undefined;
    if (refusal !== undefined) {
      throw new DiskError(
        `Glance would refuse ${path} as raw: ${refusal}; --no-inspect sends it nevertheless`,
      );
    }
    const stream = await streamOf(disk, to, () => app.signal.throwIfAborted());
    const source = streamSource(path, stream);
    return {
      source: { ...source, chunks: () => unchanged(source, file.refuseChange), close: file.close },
      learned: { disk_format: to, container_format: 'bare', min_disk: Math.ceil(disk.size / 2 ** 30) },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function refuseOther(said: Declared['disk_format'], to: Target): void {
  if (typeof said !== 'string' || said === to) return;
  throw new UsageError(`The image is to be ${said}, and the file converted to ${to}`);
}

/** A receiver who has all the bytes takes them for the image: the file is looked at before the last of them. */
async function* unchanged(source: Source, refuseChange: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let left = source.size ?? 0;
  for await (const chunk of source.chunks()) {
    left -= chunk.length;
    if (left === 0) await refuseChange();
    yield chunk;
  }
}

/** What may come out of a packed file without a word, in bytes; and beyond that, how many times what went in. */
const [most, times] = [16 * 2 ** 30, 1000];

/** What is in packed data; `size` is how many bytes of it there are, where somebody says so. */
export const decompressed = (source: Source, size: number | undefined): Source =>
  unpackedSource(source, {
    size,
    bound(unpacked, packed) {
      if (unpacked <= most || unpacked <= packed * times) return;
      throw new VerifyError(
        `${source.name} has more than 16 GiB in it, and ${times} times what it has itself: say its --size if that is right`,
      );
    },
  });

/** Refuses data that come in order, and so must be of the format already that they are to be converted to. */
export async function refuseConversion(
  name: string,
  head: Buffer,
  to: Target,
  said: Declared['disk_format'],
): Promise<void> {
  refuseOther(said, to);
  const { name: format } = await formatOf(memoryBytes(head));
  if (format === to) return;
  throw new UsageError(
    `What is in ${name} is ${format}, which is not converted while it is unpacked: unpack it into a file first`,
  );
}
