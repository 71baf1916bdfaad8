import { type Bytes, readAt } from '../disk/bytes.ts';
import { damaged, refuseHuge } from './file-system.ts';

/** What a directory says of a file in it. */
export interface Record {
  readonly name: string;
  readonly directory: boolean;
  readonly readOnly: boolean;
  readonly cluster: number;
  readonly size: number;
  readonly mtime: number;
}

const recordSize = 32;
const long = 0x0f;
const volume = 0x08;
const removed = 0xe5;

// fatgen103: Directory Structure, Long Directory Entries
/** The files and directories in a directory, by their long names where they have such. */
export async function entriesOf(content: Bytes, where: string): Promise<Record[]> {
  refuseHuge(content.size, where);
  const raw = await readAt(content, 0, content.size);
  const found: Record[] = [];
  /** The pieces of the long name that stand before the record it belongs to, and the short name's sum. */
  let pieces: string[] = [];
  let sum = 0;
  for (let at = 0; at + recordSize <= raw.length && raw[at] !== 0; at += recordSize) {
    const record = raw.subarray(at, at + recordSize);
    const attributes = record[11] ?? 0;
    if (record[0] === removed) pieces = [];
    else if ((attributes & 0x3f) === long) {
      if (((record[0] ?? 0) & 0x40) !== 0) pieces = [];
      sum = record[13] ?? 0;
      pieces.unshift(lettersOf(record));
    } else {
      const name =
        pieces.length > 0 && sum === sumOf(record)
          ? pieces.join('').replace(/\0.*$/s, '')
          : shortName(record);
      pieces = [];
      if ((attributes & volume) !== 0 || name === '.' || name === '..') continue;
      if (name === '' || /[/\0]/.test(name)) throw damaged(where, 'a directory with an entry that cannot be');
      found.push({
        name,
        directory: (attributes & 0x10) !== 0,
        readOnly: (attributes & 0x01) !== 0,
        cluster: record.readUInt16LE(26) + record.readUInt16LE(20) * 65536,
        size: record.readUInt32LE(28),
        mtime: changedAt(record.readUInt16LE(24), record.readUInt16LE(22)),
      });
    }
  }
  return found;
}

const lettersOf = (record: Buffer) =>
  record.toString('utf16le', 1, 11) + record.toString('utf16le', 14, 26) + record.toString('utf16le', 28, 32);

/** What ties a long name to the short one behind it. */
const sumOf = (record: Buffer) =>
  record.subarray(0, 11).reduce((sum, byte) => (((sum & 1) << 7) + (sum >>> 1) + byte) & 0xff, 0);

function shortName(record: Buffer): string {
  const flags = record[12] ?? 0;
  const lower = (text: string, flag: number) => ((flags & flag) !== 0 ? text.toLowerCase() : text);
  const base = lower(record.toString('latin1', 0, 8).trimEnd(), 0x08);
  const extension = lower(record.toString('latin1', 8, 11).trimEnd(), 0x10);
  return extension === '' ? base : `${base}.${extension}`;
}

/** Days and seconds of a clock whose zone nobody wrote down. */
const changedAt = (date: number, time: number): number =>
  Date.UTC(
    1980 + (date >>> 9),
    ((date >>> 5) & 15) - 1,
    date & 31,
    time >>> 11,
    (time >>> 5) & 63,
    (time & 31) * 2,
  ) / 1000;
