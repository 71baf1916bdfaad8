import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

// Runs the tests against servers, disks, pipes and people that misbehave again and again, each time in another order,
// so many at once that no core is ever idle: npm run test:faults -- [TIMES] [SEED]. A failure ends it and tells the seed.
const [times = '200', first = '1'] = process.argv.slice(2);
const atOnce = 3 * availableParallelism();
const tests = [
  ...['test/transfer', 'test/http'],
  ...['image-data', 'image-download', 'image-upload', 'each'].map((name) => `test/commands/${name}`),
  ...['hostile', 'process', 'expiry', 'local-cloud'].map((name) => `test/cli/${name}`),
];

const root = join(import.meta.dirname, '../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

let begun = 0;
let passed = 0;

async function oneByOne() {
  while (begun < Number(times)) {
    const seed = Number(first) + begun;
    begun += 1;
    // one process for all files: what one of them leaves behind meets the next, and most time goes into the tests
    const order = ['--no-isolate', '--sequence.shuffle', `--sequence.seed=${seed}`, '--testTimeout=120000'];
    const child = spawn(process.execPath, [vitest, 'run', '--reporter=dot', ...order, ...tests], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const began = performance.now();
    const [code] = await once(child, 'close');
    running.delete(child);
    if (code !== 0) {
      console.log(`seed ${seed} failed\n${said}`);
      process.exit(1);
    }
    passed += 1;
    const count = /Tests\s.*?(\d+ passed)/.exec(said.replace(/\x1b\[\d+m/g, ''))?.[1];
    const time = Math.round((performance.now() - began) / 1000);
    console.log(`${passed} of ${times}: seed ${seed}, ${count}, ${time} s`);
  }
}

await Promise.all(Array.from({ length: atOnce }, oneByOne));
