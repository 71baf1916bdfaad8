import { readAt } from '../disk/bytes.ts';
import { damaged } from './file-system.ts';
import { type Iso, type Record, timeIn } from './iso.ts';

/** What Unix wants to know of a file, as far as a record says so. */
export interface Unix {
  name?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  mtime?: number;
  target?: string;
  /** The block of a directory that was moved elsewhere. */
  child?: number;
  /** It is only here because it was moved. */
  moved?: boolean;
}

const mostContinued = 16;

// IEEE P1282 (RRIP) over IEEE P1281 (SUSP)
/** Reads the extensions of a record, which may go on elsewhere. */
export async function rockRidge(iso: Iso, { system }: Record): Promise<Unix> {
  const found: Unix = {};
  let area: Buffer | undefined = system.subarray(iso.skip ?? 0);
  for (let round = 0; area !== undefined; round += 1) {
    if (round > mostContinued) throw damaged('The iso9660 file system', 'a record that does not end');
    let next: [block: number, offset: number, size: number] | undefined;
    for (let at = 0; at + 4 <= area.length; ) {
      const length: number = area[at + 2] ?? 0;
      if (length < 4 || at + length > area.length) break;
      const field: Buffer = area.subarray(at, at + length);
      const mark = field.toString('latin1', 0, 2);
      if (mark === 'ST') break;
      if (mark === 'CE' && length >= 28)
        next = [field.readUInt32LE(4), field.readUInt32LE(12), field.readUInt32LE(20)];
      else note(mark, field, found);
      at += length;
    }
    if (next === undefined) break;
    const [block, offset, size] = next;
    area = await readAt(iso.disk, block * iso.blockSize + offset, Math.min(size, iso.blockSize));
  }
  return found.target === undefined ? found : { ...found, target: found.target.replace(/(?<=.)\/$/, '') };
}

function note(mark: string, field: Buffer, into: Unix): void {
  if (mark === 'PX' && field.length >= 32) {
    into.mode = field.readUInt32LE(4);
    into.uid = field.readUInt32LE(20);
    into.gid = field.readUInt32LE(28);
  } else if (mark === 'NM' && field.length >= 5) {
    into.name = (into.name ?? '') + field.toString('utf8', 5);
  } else if (mark === 'SL') into.target = addTarget(into.target, field);
  else if (mark === 'TF') into.mtime = changedIn(field) ?? into.mtime ?? 0;
  else if (mark === 'CL' && field.length >= 12) into.child = field.readUInt32LE(4);
  else if (mark === 'RE') into.moved = true;
}

/** A link's target stands in components, each with a `/` behind it that the last one loses: it may go on in another field. */
function addTarget(before: string | undefined, field: Buffer): string {
  let target = before ?? '';
  for (let at = 5; at + 2 <= field.length; at += 2 + (field[at + 1] ?? 0)) {
    const flags = field[at] ?? 0;
    if ((flags & 8) !== 0) target = '/';
    else if ((flags & 4) !== 0) target += '../';
    else if ((flags & 2) !== 0) target += './';
    else
      target +=
        field.toString('utf8', at + 2, at + 2 + (field[at + 1] ?? 0)) + ((flags & 1) === 0 ? '/' : '');
  }
  return target;
}

/** Flags say which times are there; the change of the content is the second. */
function changedIn(field: Buffer): number | undefined {
  const flags = field[4] ?? 0;
  const at = 5 + ((flags & 1) !== 0 ? 7 : 0);
  const short = (flags & 0x80) === 0;
  return (flags & 2) !== 0 && short && at + 7 <= field.length ? timeIn(field, at) : undefined;
}
