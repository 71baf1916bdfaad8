import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** Whether there is a qemu-img here to compare with. */
export const hasQemu = spawnSync('qemu-img', ['--version']).status === 0;

/**
 * Runs qemu-img; it must succeed. It measures how fast the machine is before it encrypts, and gives up when that
 * cannot be told, as on a busy one: then it has not failed.
 */
export function qemuImg(...words: string[]): string {
  for (;;) {
    const { status, stdout, stderr } = spawnSync('qemu-img', words, { encoding: 'utf8' });
    if (status === 0) return stdout;
    if (!stderr.includes('Unable to get accurate CPU usage'))
      throw new Error(`${words.join(' ')}: ${stderr}`);
  }
}

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
  'cluster_size=1k',
  'cluster_size=4k',
  'cluster_size=32k',
  'cluster_size=128k',
  'cluster_size=1M',
  'cluster_size=2M',
  'compat=0.10,cluster_size=2M',
  'refcount_bits=1',
  'refcount_bits=2',
  'refcount_bits=8',
  'refcount_bits=32',
  'refcount_bits=64',
  'lazy_refcounts=on',
  'preallocation=off',
  'preallocation=metadata',
  'preallocation=falloc',
  'preallocation=full',
  'extended_l2=on',
  'extended_l2=on,cluster_size=16k',
  'extended_l2=on,cluster_size=2M',
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
  { format: 'vmdk', options: 'subformat=monolithicSparse,adapter_type=buslogic,hwversion=8,toolsversion=9' },
  { format: 'vmdk', options: 'subformat=streamOptimized' },
  { format: 'vmdk', options: 'subformat=streamOptimized,adapter_type=legacyESX' },
  { format: 'vpc', options: 'subformat=dynamic' },
  { format: 'vpc', options: 'subformat=fixed' },
  { format: 'vpc', options: 'subformat=dynamic,force_size=on' },
  { format: 'vpc', options: 'subformat=fixed,force_size=on' },
  { format: 'vhdx', options: 'subformat=dynamic' },
  { format: 'vhdx', options: 'subformat=fixed' },
  { format: 'vhdx', options: 'subformat=dynamic,block_size=1M,log_size=2M' },
  { format: 'vhdx', options: 'subformat=dynamic,block_size=64M' },
  { format: 'vhdx', options: 'subformat=fixed,block_size=2M' },
  { format: 'vhdx', options: 'subformat=dynamic,block_state_zero=off' },
  { format: 'vdi' },
  { format: 'vdi', options: 'static=on' },
  { format: 'parallels' },
  { format: 'parallels', options: 'cluster_size=64k' },
  { format: 'parallels', options: 'cluster_size=4M' },
];

/** Images that a guest can write to. */
export const writable: readonly Variant[] = [
  ...[
    'compat=0.10',
    'cluster_size=4k',
    'extended_l2=on',
    'extended_l2=on,cluster_size=2M',
    'lazy_refcounts=on',
  ].map((options) => ({ format: 'qcow2', options })),
  { format: 'qcow2', options: 'compression_type=zlib', compressed: true },
  { format: 'qcow2', options: 'compression_type=zstd', compressed: true },
  { format: 'qcow2', options: 'compression_type=zstd,extended_l2=on', compressed: true },
  { format: 'qcow' },
  { format: 'vmdk', options: 'zeroed_grain=on' },
  { format: 'vpc', options: 'subformat=dynamic' },
  { format: 'vhdx' },
  { format: 'vdi' },
  { format: 'parallels', options: 'cluster_size=64k' },
];

/** Writes here and there to an image as a guest does: bytes, zeros, what is no longer needed. */
export function scribble(path: string, { format }: Variant, size: number): void {
  const spots = Array.from({ length: 24 }, (_, index) => 512 * Math.floor((size / 512 / 24) * index));
  const commands = spots.map((at, index) => {
    const how = [`write -P ${index + 1}`, 'write -z', 'write -z -u', 'discard'][
      index % 3 === 0 ? (index / 3) % 4 : 0
    ];
    return `${how} ${at} ${512 * (1 + ((index * 37) % 200))}`;
  });
  execFileSync('qemu-io', [
    '-d',
    'unmap',
    '-f',
    format,
    ...commands.flatMap((command) => ['-c', command]),
    path,
  ]);
}

const key = ['--object', 'secret,id=key,data=test'];
const fast = 'iter-time=10';

/** Those that are in several files, DATA or upon BASE or VMDK, and which are read with all of these, or not at all. */
export const several: readonly Variant[] = [
  { format: 'qcow2', options: 'data_file=DATA' },
  { format: 'qcow2', options: 'data_file=DATA,data_file_raw=on' },
  { format: 'qcow2', options: 'data_file=DATA,extended_l2=on' },
  { format: 'qcow2', options: 'backing_file=BASE,backing_fmt=raw' },
  { format: 'qcow2', options: 'backing_file=BASE,backing_fmt=raw,extended_l2=on' },
  { format: 'qcow', options: 'backing_file=BASE,backing_fmt=raw' },
  { format: 'qed', options: 'backing_file=BASE,backing_fmt=raw' },
  { format: 'vmdk', options: 'subformat=monolithicFlat' },
  { format: 'vmdk', options: 'subformat=twoGbMaxExtentSparse' },
  { format: 'vmdk', options: 'subformat=twoGbMaxExtentFlat' },
  { format: 'vmdk', options: 'backing_file=VMDK,backing_fmt=vmdk' },
];

/** Those that are read, and which clouds do not take. */
export const banned: readonly Variant[] = [
  { format: 'qed' },
  { format: 'qed', options: 'cluster_size=8k,table_size=2' },
];

/** Those that are encrypted. */
export const sealed: readonly (Variant & { readonly words?: readonly string[] })[] = [
  { format: 'luks', options: `key-secret=key,${fast}`, words: key },
  {
    format: 'luks',
    options: `key-secret=key,${fast},cipher-alg=serpent-256,cipher-mode=cbc,ivgen-alg=essiv,ivgen-hash-alg=sha256,hash-alg=sha1`,
    words: key,
  },
  { format: 'qcow2', options: `encrypt.format=luks,encrypt.key-secret=key,encrypt.${fast}`, words: key },
  {
    format: 'qcow2',
    options: `encrypt.format=luks,encrypt.key-secret=key,encrypt.${fast},encrypt.cipher-alg=twofish-256,encrypt.cipher-mode=cbc,encrypt.ivgen-alg=essiv,encrypt.ivgen-hash-alg=sha256,encrypt.hash-alg=sha512`,
    words: key,
  },
  { format: 'qcow2', options: 'encrypt.format=aes,encrypt.key-secret=key', words: key },
  { format: 'qcow2', options: 'encryption=on,encrypt.key-secret=key', words: key },
  { format: 'qcow', options: 'encrypt.format=aes,encrypt.key-secret=key', words: key },
  { format: 'qcow', options: 'encryption=on,encrypt.key-secret=key', words: key },
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
