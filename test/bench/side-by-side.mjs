import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { freemem } from 'node:os';
import { costOf } from './rusage.mjs';

/** A command whose runs of one comparison have taken this long (ms) is not run again: slow ones vary little. */
const patience = 20_000;

/**
 * Runs commands in turn, again and again, so that whatever else the machine does meets them all alike. Gives the
 * medians of each, as they are and as ratios to the first command of the same round. Before that each is run once
 * to warm up the machine and to see that it does what it should. Where each writes `writes` bytes, it finds that much
 * memory in hand.
 */
export async function sideBySide({ commands, rounds, writes = 0, ...where }, { cloud, home, target }) {
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...cloud.login(where) };
  const run = async ({ argv }) => {
    rmSync(target, { force: true });
    if (writes > 0) touch(1.5 * writes);
    await cloud.begin();
    const cost = await costOf(argv, { env, file: `${home}/output` });
    return { ...cost, counted: await cloud.counted() };
  };
  const entrants = [];
  for (const command of commands) {
    const first = await run(command);
    if (command.check?.(first) === false) throw new Error(`${command.name} did not do what is measured`);
    entrants.push({ command, runs: [], spent: first.wall });
  }
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && entrants[0].spent > patience) break;
    for (const entrant of entrants) {
      if (round > 0 && entrant.spent > patience) continue;
      const cost = await run(entrant.command);
      entrant.runs.push(cost);
      entrant.spent += cost.wall;
    }
  }
  const baseline = entrants[0].runs;
  return entrants.map(({ command: { name, goal }, runs }) => {
    const figure = (of) => median(runs.map(of));
    const ratio = (key) => figure((cost, round) => cost[key] / baseline[round][key]);
    return {
      name,
      goal,
      cpu: figure(({ cpu }) => cpu),
      wall: figure(({ wall }) => wall),
      memory: figure(({ memory }) => memory),
      ratio: { cpu: ratio('cpu'), wall: ratio('wall'), memory: ratio('memory') },
      requests: figure(({ counted }) => counted.requests),
      connections: figure(({ counted }) => counted.connections),
      rounds: runs.length,
    };
  });
}

/**
 * Has memory written by a program that ends at once. What was freed a while ago may have gone back from a virtual machine
 * to its host, and whoever writes there next pays for getting it again: up to twice what a conversion costs.
 */
function touch(bytes) {
  const MiB = 2 ** 20;
  const count = Math.floor(Math.min(bytes, freemem() / 2) / MiB);
  const script = `const all = []; for (let n = 0; n < ${count}; n += 1) all.push(Buffer.alloc(${MiB}, 1));`;
  spawnSync(process.execPath, ['-e', script]);
}

function median(figures) {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
