import { DiskError } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { cached, counted } from './cached.ts';
import { type Disk, type Format, findings, headSize, type Signs, tailSize } from './format.ts';
import { iso } from './iso.ts';
import { luks } from './luks.ts';
import { parallels } from './parallels.ts';
import { qcow } from './qcow.ts';
import { qcow2 } from './qcow2.ts';
import { qed } from './qed.ts';
import { plainDisk } from './runs.ts';
import { vdi } from './vdi.ts';
import { vhd } from './vhd.ts';
import { vhdx } from './vhdx.ts';
import { vmdk } from './vmdk.ts';
import { wrappers } from './wrappers.ts';

/** Bytes of which nothing is known. */
export const raw: Format = {
  name: 'raw',
  matches: () => true,
  inspect: async ({ size }) => findings({ size, dangers: [] }),
  open: async (file) => plainDisk('raw', file),
};

/** Every format there is a name for; anything is raw, which is why that is the last one. */
export const formats: readonly Format[] = [
  ...[qcow2, qcow, qed, vmdk, vhdx, vdi, parallels, luks, ...wrappers, vhd, iso].map(guarded),
  raw,
];

/** All formats that a file has the signs of, those that a program would try first before the others; raw when none. */
export async function formatsOf(file: Bytes): Promise<readonly Format[]> {
  const signs = await signsOf(file);
  const found = formats.filter((format) => format !== raw && format.matches(signs));
  return found.length === 0 ? [raw] : found;
}

/** The format a file most likely has. */
export const formatOf = async (file: Bytes): Promise<Format> => (await formatsOf(file))[0] ?? raw;

/** The disk in a file, of the format that is named or the one that it seems to have. */
export async function openDisk(file: Bytes, name?: string): Promise<Disk> {
  const format = name === undefined ? await formatOf(file) : await formatNamed(name, file);
  return format.open(file);
}

/** The format of that name, of which the file must have the signs. */
export async function formatNamed(name: string, file: Bytes): Promise<Format> {
  const format = formats.find((it) => it.name === name);
  if (format === undefined) throw new DiskError(`There is no format '${name}'`);
  if (!format.matches(await signsOf(file))) throw new DiskError(`The file is not of the format ${name}`);
  return format;
}

/** Reads what a format is recognised by. */
export async function signsOf(file: Bytes): Promise<Signs> {
  const tail = Math.min(tailSize, file.size);
  return {
    size: file.size,
    head: await readAt(file, 0, Math.min(headSize, file.size)),
    tail: await readAt(file, file.size - tail, tail),
  };
}

/** The same format, whose small reads are kept, and which never ends in an error that is not a DiskError. */
function guarded(format: Format): Format {
  const guard = async <T>(file: Bytes, act: (file: Bytes) => Promise<T>): Promise<T> => {
    const seen = counted(file);
    try {
      return await act(cached(seen));
    } catch (error) {
      throw explained(format.name, seen.lastRead(), error);
    }
  };
  return {
    ...format,
    inspect: (file) => guard(file, format.inspect),
    open: (file) => guard(file, async (bytes) => guardedDisk(await format.open(bytes))),
  };
}

const guardedDisk = (disk: Disk): Disk => ({
  ...disk,
  async read(into, at) {
    try {
      await disk.read(into, at);
    } catch (error) {
      throw explained(disk.format, at, error);
    }
  },
  async *extents() {
    let at = 0;
    try {
      for await (const extent of disk.extents()) {
        yield extent;
        at = extent.start + extent.length;
      }
    } catch (error) {
      throw explained(disk.format, at, error);
    }
  },
});

/** What a number out of place leads to: a field beyond a buffer, a buffer that cannot be had. */
function explained(name: string, at: number, error: unknown): unknown {
  return error instanceof RangeError
    ? new DiskError(`The ${name} file is damaged at byte ${at}`, { cause: error })
    : error;
}
