import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCloud } from './cloud.mjs';
import { comparisons } from './comparisons.mjs';
import { writeContent } from './content.mjs';
import { machine, peers } from './machine.mjs';
import { pageOf } from './page.mjs';
import { plotOf } from './plot.mjs';
import { method } from './rusage.mjs';
import { sideBySide } from './side-by-side.mjs';
import { tableOf } from './table.mjs';

// Compares the built program with its peers: npm run bench -- [start] [list] [transfer] [convert] [--size MiB] …
// With --write, a full run writes docs/benchmarks.md and its plot.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '1024' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(comparisons);
const unknown = chosen.find((name) => !Object.hasOwn(comparisons, name));
if (unknown !== undefined) throw new Error(`'${unknown}' is none of ${Object.keys(comparisons).join(', ')}`);
if (values.write && positionals.length > 0) throw new Error('--write is for a full run');

const root = join(import.meta.dirname, '../..');
const built = spawnSync('npm', ['run', 'build', '--silent'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) throw new Error('The program cannot be built');

const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tglance-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const file = join(home, 'image');
const image = writeContent(file, Number(values.size) * 2 ** 20);
const cloud = await startCloud(image, home);
const place = { cloud, home, image, file, target: join(home, 'fetched') };

const facts = machine();
const versions = peers();
const missing = Object.keys(versions).filter((name) => versions[name] === undefined);
console.log(
  [
    `${facts.cores}, ${facts.memory}, ${facts.system}, load ${facts.load}, Node.js ${facts.node}`,
    Object.entries(versions)
      .flatMap(([name, version]) => (version === undefined ? [] : `${name} ${version}`))
      .join(', '),
    ...(missing.length > 0 ? [`Left out, as not installed: ${missing.join(', ')}`] : []),
    `Medians of alternating runs; ratios to the first command of the table. ${method}.`,
  ].join('\n'),
);

const tables = [];
for (const comparison of chosen.flatMap((name) => comparisons[name](place))) {
  const commands = comparison.commands.filter(
    ({ argv, needs = [argv[0]] }) => !needs.some((name) => missing.includes(name)),
  );
  if (commands[0] !== comparison.commands[0]) continue;
  const rounds = values.rounds === undefined ? comparison.rounds : Number(values.rounds);
  const results = await sideBySide({ ...comparison, commands, rounds }, place);
  console.log(`\n${tableOf(comparison.title, results)}`);
  tables.push({ title: comparison.title, commands: results });
}
cloud.stop();

const date = new Date().toISOString().slice(0, 10);
const result = { date, machine: facts, versions, method, tables };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
if (values.write) {
  writeFileSync(join(root, 'docs/benchmarks.md'), pageOf(result, 'benchmarks.svg'));
  writeFileSync(join(root, 'docs/benchmarks.svg'), plotOf(tables));
}
