import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Waits for one program and writes its user, system and wall seconds and its peak memory in KiB to descriptor 3. */
const python = `
import os, sys, time
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 3)])
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - began
peak = used.ru_maxrss / (1024 if sys.platform == 'darwin' else 1)
os.write(3, f'{used.ru_utime} {used.ru_stime} {wall} {peak}'.encode())
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

/** The same without the memory. */
const bash = `TIMEFORMAT='%3U %3S %3R'; exec 4>&2 2>&3 3>&-; time "$@" 2>&4 4>&-`;

const withPython = spawnSync('python3', ['-ISc', 'import os; os.waitstatus_to_exitcode']).status === 0;
const meter = withPython ? ['python3', '-ISc', python] : ['bash', '-c', bash, 'bash'];

/** How the figures are taken, for whoever reads them. */
export const method = withPython
  ? "wait4 by python3: the process and its children; memory below python3's own 10 MiB or so does not show"
  : "bash's time: the process and its children; there is no python3 to read the memory";

/** In a group of its own, which does not outlive the benchmarks: it would go on writing into a folder that is gone. */
let running;
process.on('exit', () => {
  if (running?.exitCode === null && running.signalCode === null) process.kill(-running.pid, 'SIGKILL');
});

/**
 * Runs a program to its end and tells what it cost: `cpu` (user and system) and `wall` in milliseconds, `memory`
 * (its peak) in MiB, and what it wrote to standard output, which is kept in `file`.
 */
export async function costOf(argv, { env, file }) {
  const files = [file, `${file}.err`];
  const [out, err] = files.map((path) => openSync(path, 'w'));
  const stdio = ['ignore', out, err, 'pipe'];
  running = spawn(meter[0], [...meter.slice(1), ...argv], { env, stdio, detached: true });
  let figures = '';
  running.stdio[3].setEncoding('utf8').on('data', (text) => {
    figures += text;
  });
  const [code] = await once(running, 'close');
  closeSync(out);
  closeSync(err);
  const [output, complaint] = files.map((path) => readFileSync(path, 'utf8'));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${complaint}`);
  const [user, system, wall, peak] = figures.trim().split(' ').map(Number);
  return { cpu: (user + system) * 1000, wall: wall * 1000, memory: peak / 1024, output };
}
