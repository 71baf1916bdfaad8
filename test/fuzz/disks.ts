import { damage, outcomeOf, randomFrom } from '../support/mutations.ts';
import { soundImages } from '../support/sound-images.ts';

/** npm run fuzz -- [how many] [seed]: damages every kind of image, and looks for anything but a result or a refusal. */
async function fuzz(count: number, seed: number): Promise<void> {
  const images = soundImages();
  const random = randomFrom(seed);
  const before = process.memoryUsage().rss;
  const sums = { read: 0, refused: 0 };
  let slowest = { ms: 0, round: 0, title: '' };
  for (let round = 0; round < count; round += 1) {
    const [title, image] = images[random(images.length)] ?? ['', Buffer.alloc(0)];
    const { damaged, undo } = damage(image, random);
    const start = performance.now();
    try {
      sums[await outcomeOf(damaged)] += 1;
    } catch (error) {
      console.error(`round ${round} of seed ${seed}, ${title}:`, error);
      process.exitCode = 1;
    }
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { ms, round, title };
    undo();
  }
  const most = Math.round((process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20);
  console.log(`${count} images: ${sums.read} read, ${sums.refused} refused; ${most} MiB more at most`);
  console.log(`the slowest took ${Math.round(slowest.ms)} ms: round ${slowest.round}, ${slowest.title}`);
}

const [count = '10000', seed = '1'] = process.argv.slice(2);
fuzz(Number(count), Number(seed));
