import { TglanceError } from '../errors.ts';
import { show } from './copy.ts';
import type { Source } from './source.ts';
import type { Watcher } from './watch.ts';

/**
 * The same source, whose chunks are seen by the watchers before they are handed on, each time they are read. Who reads
 * them anew has given up what was read before, of which a chunk may still be on its way: it is not shown any more, and
 * that reading fails, for an end could be taken for the end of the data.
 */
export function watched(source: Source, watchers: readonly Watcher[]): Source {
  let times = 0;
  return {
    ...source,
    async *chunks(ahead = watchers.some(({ works }) => works)) {
      times += 1;
      const time = times;
      const refuseLate = () => {
        if (time !== times) throw new TglanceError(`${source.name} is being read anew`);
      };
      for (const watcher of watchers) watcher.start?.();
      for await (const chunk of source.chunks(ahead)) {
        refuseLate();
        await show(chunk, watchers);
        yield chunk;
      }
      refuseLate();
      for (const watcher of watchers) await watcher.finish?.();
    },
  };
}
