import { memoryBytes } from '../../src/disk/file.ts';
import { damage, outcomeOf, randomFrom } from '../support/mutations.ts';
import { subjects } from '../support/subjects.ts';
import { memoryInUse, watched } from '../support/watch.ts';

/** What became of the images of one format. */
export interface Figures {
  readonly read: number;
  readonly refused: number;
  /** What is neither: told in words. */
  readonly broken: readonly string[];
  /** Bytes of memory that the most expensive image took, milliseconds of the slowest one. */
  readonly memory: Worst;
  readonly time: Worst;
}

interface Worst {
  readonly value: number;
  readonly round: number;
  readonly title: string;
}

/** More memory than this is too much for any image. */
const mostMemory = 100 * 2 ** 20;

/** Garbage is cleared away when there is so much of it: what is measured of an image is hardly its predecessors'. */
const muchGarbage = 16 * 2 ** 20;

/** Damages images of a format, and tells of each hundred that it is still there, and at the end what became of them. */
async function batch(format: string, count: number, seed: number): Promise<void> {
  const all = subjects().filter((it) => it.format === format);
  const random = randomFrom(seed);
  const sums = { read: 0, refused: 0 };
  const broken: string[] = [];
  let [memory, time]: Worst[] = [];
  gc?.();
  let before = memoryInUse();
  for (let round = 0; round < count; round += 1) {
    const subject = all[random(all.length)];
    if (subject === undefined) break;
    const { title } = subject;
    const { damaged, undo } = damage(subject, random);
    const file = watched(memoryBytes(damaged));
    const start = performance.now();
    try {
      sums[await outcomeOf(() => subject.read(file))] += 1;
    } catch (error) {
      broken.push(`round ${round}, ${title}: ${error instanceof Error ? error.stack : error}`);
    }
    const [spent, took] = [file.most(), performance.now() - start];
    if (spent > mostMemory) broken.push(`round ${round}, ${title}: it took ${spent} bytes of memory`);
    if (spent > (memory?.value ?? -1)) memory = { value: spent, round, title };
    if (took > (time?.value ?? -1)) time = { value: took, round, title };
    undo();
    if (memoryInUse() - before > muchGarbage) {
      gc?.();
      before = memoryInUse();
    }
    if (round % 100 !== 0) continue;
    if (!process.connected) return; // nobody waits for it any more
    process.send?.('alive');
  }
  const none = { value: 0, round: 0, title: '' };
  process.send?.({ ...sums, broken, memory: memory ?? none, time: time ?? none } satisfies Figures);
}

const [format = '', count = '', seed = ''] = process.argv.slice(2);
batch(format, Number(count), Number(seed));
