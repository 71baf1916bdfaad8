import { linux, putGpt } from './disks.ts';
import type { Files } from './ext4.ts';

/** A disk divided by a GPT into these contents, each a partition. */
export function divided(...contents: readonly Part[]): Buffer {
  const entries: Entries = [];
  let start = 2048;
  for (const { content, type = linux, name = '' } of contents) {
    const sectors = Math.ceil(content.length / 1_048_576) * 2048;
    entries.push({ start, sectors, guid: type, name });
    start += sectors;
  }
  const disk = Buffer.alloc((start + 2048) * 512);
  for (const [index, { content }] of contents.entries()) {
    disk.set(content, (entries[index]?.start ?? 0) * 512);
  }
  putGpt(disk, entries);
  return disk;
}

type Entries = Mutable<Parameters<typeof putGpt>[1]>;
type Mutable<T extends readonly unknown[]> = [...T];

export interface Part {
  readonly content: Buffer;
  readonly type?: string;
  readonly name?: string;
}

/** An archive as an initramfs is one, not compressed. */
export function cpio(files: Files): Buffer {
  const members = Object.entries(files).map(([name, content]) => {
    const isLink = typeof content === 'object' && 'link' in content;
    const bytes = isLink ? Buffer.from(content.link) : Buffer.from(content as string);
    return member(name, isLink ? 0o120777 : 0o100644, bytes);
  });
  return Buffer.concat([...members, member('TRAILER!!!', 0, Buffer.alloc(0))]);
}

function member(name: string, mode: number, content: Buffer): Buffer {
  const numbers = [1, mode, 0, 0, 1, 1_700_000_000, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${numbers.map((it) => it.toString(16).padStart(8, '0')).join('')}${name}\0`;
  const aligned = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  return Buffer.concat([aligned(Buffer.from(header)), aligned(content)]);
}
