import type { App } from '../define/app.ts';
import type { Bytes } from '../disk/bytes.ts';
import { cached } from '../disk/cached.ts';
import { AnswerError, UsageError, VerifyError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import { continued } from '../transfer/continued.ts';
import type { Ask, Marks } from '../transfer/stretch.ts';
import { statAt } from '../transfer/system.ts';
import { sizeOf } from './file-map.ts';
import { withFile } from './image-file.ts';
import { pauseOf } from './rate.ts';

/** What is fetched at once, and how much of it is kept. */
const cache = { block: 64 * 1024, blocks: 256 };

/** The bytes of an image in the cloud, which are fetched where they are read. */
export interface ImageBytes extends Bytes {
  /** What has been fetched until now. */
  fetched(): { readonly requests: number; readonly bytes: number };
}

/** Reads an image by ranges; refuses a server that knows none, and bytes of another image than at first. */
export async function imageBytes(app: App, image: Image): Promise<ImageBytes> {
  const { id, size, status } = image;
  if (status !== 'active' || typeof size !== 'number') {
    throw new UsageError(`Image ${id} is ${status}: it has no data to be read`);
  }
  const ask = (await app.glance()).images.data(id);
  const pace = { pause: pauseOf(app.signal), tell: app.stdio.tell };
  let [requests, bytes] = [0, 0];
  let marks: Marks | undefined;

  const asked: Ask = async (span, again) => {
    const stretch = await ask(span, again);
    requests += 1;
    try {
      refuseOther(id, marks, stretch.marks);
      if (stretch.start !== span.from) throw knowsNoRanges(id);
    } catch (error) {
      stretch.drop();
      throw error;
    }
    marks ??= stretch.marks;
    let left = (span.to ?? size) - span.from;
    return {
      ...stretch,
      each: (see) =>
        stretch.each((chunk) => {
          left -= chunk.length;
          if (left < 0) throw knowsNoRanges(id);
          bytes += chunk.length;
          return see(chunk);
        }),
    };
  };

  const remote: Bytes = {
    size,
    async read(into, at) {
      app.signal.throwIfAborted();
      let done = 0;
      await continued(asked, { from: at, to: at + into.length, size, marks, pace })((chunk) => {
        into.set(chunk, done);
        done += chunk.length;
      });
    },
  };
  return { ...cached(remote, cache), fetched: () => ({ requests, bytes }) };
}

const knowsNoRanges = (id: string) =>
  new AnswerError(`The cloud gives image ${id} only as a whole: fetch it with image-download first`);

function refuseOther(id: string, known: Marks | undefined, { etag, md5 }: Marks): void {
  const same = (one: string | undefined, other: string | undefined) => (one ?? other) === (other ?? one);
  if (known === undefined || (same(known.etag, etag) && same(known.md5, md5))) return;
  throw new VerifyError(`Image ${id} changed while it was being read`);
}

/** An image to look into: in the cloud, or a file on this machine. */
export interface Opened {
  readonly bytes: Bytes;
  /** What a person calls it. */
  readonly name: string;
  /** Undefined for a file. */
  readonly image: Image | undefined;
  /** Bytes of the file system that a file takes. */
  readonly allocated: number;
  /** Undefined for a file. */
  readonly fetched: ImageBytes['fetched'] | undefined;
}

/** Opens what a word names: a file where there is one of that name, else an image in the cloud. */
export async function withImage<T>(app: App, word: string, act: (opened: Opened) => Promise<T>): Promise<T> {
  if (statAt(word)?.isFile()) {
    return withFile(app, word, ({ bytes, allocated }) =>
      act({ bytes, name: word, image: undefined, allocated, fetched: undefined }),
    );
  }
  const image = await (await app.glance()).images.find(word);
  const bytes = await imageBytes(app, image);
  const { fetched } = bytes;
  const seen = await act({ bytes, name: image.name || image.id, image, allocated: bytes.size, fetched });
  const { requests, bytes: read } = fetched();
  app.stdio.tell(`Read ${sizeOf(read)} of ${sizeOf(bytes.size)} in ${requests} requests`);
  return seen;
}
