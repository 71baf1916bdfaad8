import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** Whether there is a qemu-img here to compare with. */
export const hasQemu = spawnSync('qemu-img', ['--version']).status === 0;

/** Runs qemu-img; it must succeed. */
export const qemuImg = (...words: string[]): string =>
  execFileSync('qemu-img', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A way of writing a disk that qemu-img has. */
export interface Variant {
  /** The name of the format as QEMU has it. */
  readonly format: string;
  readonly options?: string;
  readonly compressed?: boolean;
}

const qcow2: readonly string[] = [
  'compat=0.10',
  'compat=1.1',
  'cluster_size=512',
  'cluster_size=4k',
  'cluster_size=2M',
  'refcount_bits=1',
  'refcount_bits=64',
  'lazy_refcounts=on',
  'preallocation=metadata',
  'preallocation=falloc',
  'preallocation=full',
  'extended_l2=on',
  'extended_l2=on,cluster_size=16k',
  'extended_l2=on,preallocation=metadata',
];

const packed: readonly string[] = [
  'compat=0.10',
  'compression_type=zlib',
  'compression_type=zstd',
  'compression_type=zstd,cluster_size=512',
  'compression_type=zstd,cluster_size=2M',
  'compression_type=zlib,cluster_size=2M',
  'compression_type=zlib,cluster_size=512',
  'compression_type=zstd,extended_l2=on',
];

/** Every variant that qemu-img can make of a disk that is one file. */
export const variants: readonly Variant[] = [
  { format: 'raw' },
  ...qcow2.map((options) => ({ format: 'qcow2', options })),
  ...packed.map((options) => ({ format: 'qcow2', options, compressed: true })),
  { format: 'qcow' },
  { format: 'vmdk', options: 'subformat=monolithicSparse' },
  { format: 'vmdk', options: 'subformat=monolithicSparse,zeroed_grain=on' },
  { format: 'vmdk', options: 'subformat=monolithicSparse,compat6=on,adapter_type=lsilogic' },
  { format: 'vmdk', options: 'subformat=streamOptimized' },
  { format: 'vpc', options: 'subformat=dynamic' },
  { format: 'vpc', options: 'subformat=fixed' },
  { format: 'vpc', options: 'subformat=dynamic,force_size=on' },
  { format: 'vpc', options: 'subformat=fixed,force_size=on' },
  { format: 'vhdx', options: 'subformat=dynamic' },
  { format: 'vhdx', options: 'subformat=fixed' },
  { format: 'vhdx', options: 'subformat=dynamic,block_size=1M' },
  { format: 'vhdx', options: 'subformat=dynamic,block_state_zero=off' },
  { format: 'vdi' },
  { format: 'vdi', options: 'static=on' },
  { format: 'parallels' },
  { format: 'parallels', options: 'cluster_size=64k' },
];

/** The words of a variant, for the name of a test. */
export const titleOf = ({ format, options = '', compressed = false }: Variant): string =>
  [format, options, compressed ? 'compressed' : ''].filter(Boolean).join(' ');

/** Writes a raw disk as a variant; the source's format is told, never probed. */
export function convert(from: string, to: string, { format, options, compressed = false }: Variant): void {
  const words = [
    '-f',
    'raw',
    '-O',
    format,
    ...(compressed ? ['-c'] : []),
    ...(options ? ['-o', options] : []),
  ];
  qemuImg('convert', ...words, from, to);
}

/** A disk with everything that formats treat differently: noise, text, zeros in small and in large, an odd end. */
export function writeDisk(path: string, size: number): void {
  const disk = Buffer.alloc(size);
  let seed = createHash('sha512').update('disk').digest();
  const noise = (from: number, to: number) => {
    for (let at = from; at < to; at += 64) {
      seed = createHash('sha512').update(seed).digest();
      seed.copy(disk, at, 0, Math.min(64, to - at));
    }
  };
  const place = (part: number) => Math.floor((size * part) / 16);
  noise(place(1), place(2));
  disk.fill('The quick brown fox jumps over the lazy dog. ', place(3), place(5));
  for (let at = place(6); at < place(8); at += 3 * 4096) noise(at, at + 2000);
  for (let at = place(9); at < place(10); at += 128 * 1024) noise(at, at + 70_000);
  noise(size - 1000, size);
  writeFileSync(path, disk);
}
