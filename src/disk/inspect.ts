import { DiskError } from '../errors.ts';
import type { Bytes } from './bytes.ts';
import { counted } from './cached.ts';
import type { Danger, Findings, Format } from './format.ts';
import { formatNamed, formatsOf } from './formats.ts';
import { type Gate, gateOf } from './gate.ts';
import { type Partitions, partitionsOf } from './partitions.ts';
import { type Suggestion, suggest } from './suggest.ts';

/** All that is told of a file without looking into its guest. */
export interface Inspection extends Findings {
  readonly format: string;
  /** How the disk within is divided, undefined where the disk cannot be read. */
  readonly table: Partitions | undefined;
  readonly gate: Gate;
  readonly suggestion: Suggestion;
  /** Bytes of the file that were read for this. */
  readonly bytesRead: number;
}

/** Looks at a file; `name` is its format where somebody knows better. Opens no other file, whatever this one names. */
export async function inspect(file: Bytes, name?: string): Promise<Inspection> {
  const seen = counted(file);
  const formats = name === undefined ? await formatsOf(seen) : [await formatNamed(name, seen)];
  const [format] = formats;
  if (format === undefined) throw new DiskError('It has no format');
  const found = await format.inspect(seen);
  const [table, unread] = await tableIn(format, seen, found);
  const gate = await gateOf(seen);
  const all: Findings = {
    ...found,
    dangers: [...found.dangers, ...severalFormats(formats)],
    problems: [...found.problems, ...(table?.problems ?? [])],
    notes: [...found.notes, ...unread, ...hugeDisk(found.size), ...longerThan(table)],
  };
  const suggestion = suggest(format.name, all, table, gate);
  return { ...all, format: format.name, table, gate, suggestion, bytesRead: seen.bytesRead() };
}

/** The partition table of the disk within; why there is none to read, unless that was said already. */
async function tableIn(
  format: Format,
  file: Bytes,
  { size, dangers, problems, notes }: Findings,
): Promise<readonly [Partitions | undefined, string[]]> {
  if (size === undefined) return [undefined, []];
  try {
    return [await partitionsOf(await format.open(file)), []];
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return [undefined, dangers.length + problems.length + notes.length > 0 ? [] : [error.message]];
  }
}

/** Every system puts up with that. */
const longerThan = (table: Partitions | undefined): string[] =>
  table?.enlarged === true
    ? ['The copy of the partition table (GPT) is not at the end of the disk, as after enlarging it']
    : [];

/** One program would open it as this, another one as that: so are checks deceived. */
function severalFormats(formats: readonly Format[]): Danger[] {
  const names = formats.map(({ name }) => name);
  if (names.length < 2 || isDiscWithFooter(names)) return [];
  return [{ check: 'several_formats', reason: `It looks like several formats at once: ${names.join(', ')}` }];
}

/** A CD in a fixed VHD is only followed by a footer. */
const isDiscWithFooter = (names: readonly string[]): boolean => names.join() === 'vhd,iso';

/** More than any cloud has for one disk. */
const huge = 2 ** 46;

const hugeDisk = (size = 0): string[] =>
  size > huge ? [`Its disk has ${size} bytes, which hardly any cloud has room for`] : [];
