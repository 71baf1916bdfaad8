import { type Bytes, readAt } from './bytes.ts';
import { readGpt } from './gpt.ts';
import { extendedTypes, isFatOrNtfs, readMbr } from './mbr.ts';

/** A part of a disk that a table sets aside; `start` and `size` are bytes. */
export interface Partition {
  readonly number: number;
  readonly start: number;
  readonly size: number;
  /** GPT: a UUID in lower case. MBR: a byte, as `0x83`. */
  readonly type: string;
  /** GPT only; empty where there is none. */
  readonly name: string;
  /** What Linux calls PARTUUID. */
  readonly id: string;
  /** Whether it stands in a chain within an extended partition. */
  readonly logical: boolean;
  /** Whether the BIOS is told to boot from it. */
  readonly bootable: boolean;
}

/** How a disk is divided, and what is wrong with the table that says so. */
export interface Partitions {
  readonly scheme: 'gpt' | 'mbr' | 'none';
  /** Whether the first sector has a program that a BIOS would start. */
  readonly bootCode: boolean;
  /** In the order of their numbers, extended ones (which only hold others) included. */
  readonly partitions: readonly Partition[];
  readonly problems: readonly string[];
  /** There when the disk is longer than its table knows: a GPT's copy is not at its end. */
  readonly enlarged?: true;
}

/** Reads the partition table of a disk; one that is damaged is a problem told, not an error. */
export async function partitionsOf(bytes: Bytes): Promise<Partitions> {
  if (bytes.size < 512) return { ...none, bootCode: false };
  const first = await readAt(bytes, 0, 512);
  const bootCode = first.subarray(0, 440).some((byte) => byte !== 0);
  return { ...((await tableOf(bytes, first)) ?? none), bootCode };
}

/** A table of whatever kind, before it is known whether there is a program beside it. */
export type Table = Omit<Partitions, 'bootCode'>;

const none: Table = { scheme: 'none', partitions: [], problems: [] };

async function tableOf(bytes: Bytes, first: Buffer): Promise<Table | undefined> {
  const gpt = await readGpt(bytes, first);
  if (gpt !== undefined) return withPlaces(gpt, bytes);
  if (first.readUInt16LE(510) !== 0xaa55 || isFatOrNtfs(first)) return undefined;
  const mbr = await readMbr(bytes, first);
  return mbr === undefined || mbr.partitions.length === 0 ? undefined : withPlaces(mbr, bytes);
}

/** Adds what is wrong with the places of the partitions: beyond the end of the disk, one over the other. */
function withPlaces(table: Table, { size }: Bytes): Table {
  const leaves = table.partitions
    .filter(({ type }) => !extendedTypes.includes(type))
    .sort((a, b) => a.start - b.start);
  const beyond = leaves
    .filter((it) => it.start + it.size > size)
    .map(({ number }) => `Partition ${number} goes beyond the end of the disk`);
  const overlapping = leaves.flatMap((it, at) => {
    const next = leaves[at + 1];
    if (next === undefined || it.start + it.size <= next.start) return [];
    return [`Partitions ${it.number} and ${next.number} overlap`];
  });
  return { ...table, problems: [...table.problems, ...beyond, ...overlapping] };
}
