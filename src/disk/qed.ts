import { Unread } from '../errors.ts';
import { readAt } from './bytes.ts';
import { u64le } from './fields.ts';
import { type Format, findings } from './format.ts';

/*
 * QEMU enhanced disk, least significant byte first. https://www.qemu.org/docs/master/interop/qed_spec.html
 *
 *   0   4   "QED" 00                     16  u64 features: bit 0 backing file, 1 needs a check
 *   4   u32 bytes of a cluster           48  u64 bytes of the disk
 *   8   u32 clusters of a table          56  u32 place of the backing file's name, 60 u32 its length
 *   12  u32 clusters of the header
 */
const at = { clusterSize: 4, tableSize: 8, features: 16, size: 48, backing: 56, backingLength: 60 };

/** A format that QEMU gave up, and that Glance refuses whatever is in it: it is named and not read. */
export const qed: Format = {
  name: 'qed',
  matches: ({ head }) => head.toString('latin1', 0, 4) === 'QED\0',
  async inspect(file) {
    const head = await readAt(file, 0, 64);
    const features = head.readUInt32LE(at.features);
    const [place, length] = [head.readUInt32LE(at.backing), head.readUInt32LE(at.backingLength)];
    const backingFile =
      (features & 1) === 0 ? undefined : (await readAt(file, place, Math.min(length, 1023))).toString();
    return findings({
      size: u64le(head, at.size),
      details: {
        cluster_size: head.readUInt32LE(at.clusterSize),
        table_size: head.readUInt32LE(at.tableSize),
        ...(backingFile !== undefined && { backing_file: backingFile }),
      },
      dangers: [
        { check: 'banned', reason: 'QED is a format that clouds do not take at all' },
        ...(backingFile === undefined
          ? []
          : [
              {
                check: 'backing_file',
                reason: `What it does not hold is read from the file '${backingFile}'`,
              },
            ]),
      ],
      problems: (features & 2) === 0 ? [] : ['It was not closed: it must be checked before it is used'],
    });
  },
  open: async () => {
    throw new Unread('The data of QED files are not read: qemu-img can convert them');
  },
};
