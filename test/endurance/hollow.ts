import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { mebibyte } from './content.mjs';

const MiB = 1024 * 1024;
const id = '11111111-2222-4333-8444-555555555555';

/** A cloud with one image of so many bytes, whose connections break after `cut` of them, until the end of the test. */
export async function hollowCloud(size: number, cut: number) {
  const words = JSON.stringify({ id, size, cut });
  const child = fork(join(import.meta.dirname, 'server.mjs'), [words]);
  onTestFinished(() => void child.kill());
  const starts: number[] = [];
  const port = await new Promise<number>((resolve) => {
    child.on('message', (it: { port?: number; from?: number }) => {
      if (it.port !== undefined) resolve(it.port);
      if (it.from !== undefined) starts.push(it.from);
    });
  });
  const env = { OS_IMAGE_URL: `http://127.0.0.1:${port}`, OS_TOKEN: 'a-token', PATH: process.env.PATH ?? '' };
  return {
    /** Where the answers began, in the order of the wishes. */
    starts,
    /** Runs the program, in a shell that has run `before`, such as a limit. */
    download: (more: string, before = ':') =>
      program(['image-download', id, ...more.split(' ').filter(Boolean)], env, before),
  };
}

/** The program, as people start it; its peak memory in MiB is known where the system tells. */
function program(words: readonly string[], env: Record<string, string>, before: string) {
  const path = join(import.meta.dirname, '../../bin/tglance.js');
  const script = `${before}; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', script, process.execPath, path, ...words], { env });
  let peak = 0;
  const look = setInterval(() => {
    peak = peakOf(child) ?? peak;
  }, 20);
  const err = text(child.stderr);
  const ended = once(child, 'close').then(async ([code]) => {
    clearInterval(look);
    return { code, peak, err: await err };
  });
  return { ended, kill: () => child.kill('SIGKILL') };
}

function peakOf({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined; // it has ended, or there is no /proc
  }
}

/** How many bytes of a download into this folder would be gone on from. */
export function kept(folder: string): number {
  try {
    const note = readdirSync(folder).find((name) => name.endsWith('.note')) ?? '';
    return JSON.parse(readFileSync(join(folder, note), 'utf8')).bytes;
  } catch {
    return 0;
  }
}

/** Whether a file holds the image, all of it and nothing else. */
export function isExact(path: string, size: number): boolean {
  if (statSync(path).size !== size) return false;
  const fd = openSync(path, 'r');
  const buffer = Buffer.alloc(MiB);
  try {
    for (let at = 0; at < size; at += MiB) {
      const read = buffer.subarray(0, readSync(fd, buffer, 0, MiB, at));
      if (!read.equals(mebibyte(at / MiB).subarray(0, read.length))) return false;
    }
    return true;
  } finally {
    closeSync(fd);
  }
}

/** Waits until it is so, or the run is over without that. */
export async function until(isSo: () => boolean, run: { readonly ended: Promise<unknown> }): Promise<void> {
  let isOver = false;
  void run.ended.then(() => (isOver = true));
  while (!isSo() && !isOver) await new Promise((resolve) => setTimeout(resolve, 10));
}
