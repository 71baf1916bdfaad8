import type { App } from '../define/app.ts';
import { TglanceError } from '../errors.ts';
import type { Manner } from '../transfer/replacement.ts';
import { fileSink, type Sink } from '../transfer/sink.ts';
import { safeDisk, type Writing, writeDisk } from './conversion.ts';

/** What a file becomes once all of it has come. */
export interface Conversion extends Omit<Writing, 'allocated'> {
  readonly progress: boolean | 'json';
  readonly allow_unsafe: boolean;
  readonly manner: Manner;
}

/**
 * The same sink, from whose bytes, once they are all there and right, the disk in them is written into the file
 * `target`: for a while both are there. What is of that format already becomes the file as it is.
 */
export function converting(app: App, sink: Sink, conversion: Conversion): Sink {
  const { part } = sink;
  const { to, target, progress, allow_unsafe, manner } = conversion;
  let work = Promise.resolve();

  const convert = async () => {
    if (part === undefined) throw new TglanceError(`${target} cannot be read back`);
    const bytes = part.whole();
    const disk = await safeDisk(bytes, target, { allow_unsafe, backing: false });
    if (disk.format === to) return sink.finish();
    const meter = app.meter(target, undefined, progress);
    const file = await fileSink(target, app.signal, { ...manner, resume: false });
    await writeDisk(app, disk, file, meter, { ...conversion, allocated: bytes.size });
    await sink.abandon(new TglanceError('It has been converted'));
  };

  return {
    ...sink,
    finish() {
      work = convert();
      return work;
    },
    async abandon(why) {
      await work.catch(() => {}); // it reads what is to be abandoned
      return sink.abandon(why);
    },
  };
}
