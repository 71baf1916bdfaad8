import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { command, tglance } from './commands.mjs';

const MiB = 1024 * 1024;

/** A disk with 1.8 times the data of an upload in 10 times its size, most of which can be compressed; then the same as qcow2. */
export function conversions({ home, target, image: { size } }) {
  const [data, all] = [Math.round((1.8 * size) / MiB), (10 * size) / MiB];
  const disk = join(home, 'disk.raw');
  const qemu = (...words) => spawnSync('qemu-img', ['convert', ...words], { stdio: 'ignore' }).status === 0;
  writeDisk(disk, 10 * size);
  const sources = [
    { name: 'qcow2', words: [], to: 'raw', goal: { cpu: [1.1, 1] } },
    { name: 'compressed qcow2', words: ['-c'], to: 'raw', goal: { cpu: [1.1, 0.9] } },
    { name: 'qcow2 compressed by zstd', words: ['-c', '-o', 'compression_type=zstd'], to: 'raw', rounds: 3 },
    { name: 'qcow2', words: [], to: 'qcow2', goal: { cpu: [1.1, 1] } },
    { name: 'raw', to: 'raw', rounds: 3 },
    { name: 'raw', to: 'qcow2', rounds: 3 },
    {
      name: 'qcow2',
      words: [],
      to: 'qcow2',
      more: ['-c', '--compress'],
      goal: { cpu: [1.1, 0.7] },
      rounds: 1,
    },
  ];
  return sources.flatMap(({ name, words, to, more: [theirs, ours] = [], goal, rounds = 9 }) => {
    const source = words === undefined ? disk : join(home, `${name}.qcow2`);
    if (
      words !== undefined &&
      !existsSync(source) &&
      !qemu('-f', 'raw', '-O', 'qcow2', ...words, disk, source)
    )
      return [];
    const format = words === undefined ? 'raw' : 'qcow2';
    const options = ['-O', to, source, target];
    const convert = ['convert', '-f', format, ...(theirs ? [theirs] : []), ...options];
    const line = ['file-convert', ...(ours ? [ours] : []), ...options];
    return {
      title: `Conversion of ${data} MiB in ${all}: ${name} to ${ours ? 'compressed ' : ''}${to}`,
      rounds,
      writes: data * MiB,
      commands: [
        command(['qemu-img convert', theirs].filter(Boolean).join(' '), ['qemu-img', ...convert]),
        tglance(line, { goal }, ['file-convert', ours].filter(Boolean).join(' ')),
      ].map((it) => ({ ...it, check: () => to !== 'raw' || statSync(target).size === 10 * size })),
    };
  });
}

/** Three MiB of four are text of a kind, the fourth is noise; after each 64 MiB of data come 292 of nothing. */
function writeDisk(path, size) {
  const fd = openSync(path, 'wx');
  const digest = (text) => createHash('sha512').update(text).digest();
  for (let at = 0, index = 0; at < size; at += MiB, index += 1) {
    if (index % 356 >= 64) continue;
    const words = Array.from({ length: 64 }, (_, word) => digest(`${index} ${word}`).toString('base64'));
    const piece =
      index % 4 === 3
        ? Buffer.concat(Array.from({ length: MiB / 64 }, (_, part) => digest(`${index} noise ${part}`)))
        : Buffer.from(
            Array.from({ length: MiB / 64 }, (_, part) => words[(part * part) % 61]).join(''),
          ).subarray(0, MiB);
    writeSync(fd, piece, 0, piece.length, at);
  }
  ftruncateSync(fd, size);
  closeSync(fd);
}
