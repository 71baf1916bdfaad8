import { arg, command } from '../define/command.ts';
import { required, text } from '../define/option.ts';
import type { Bytes } from '../disk/bytes.ts';
import { inspect } from '../disk/inspect.ts';
import type { Image } from '../glance/types.ts';
import {
  comparable,
  compareContents,
  compareWithRecord,
  type Sameness,
  sameness,
  samenessColumns,
  samenessRows,
} from './image-sameness.ts';
import { backing, withFiles } from './named-files.ts';
import { progressOption } from './progress.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');

export const verify = command({
  about: `Tell whether a file is what an image in the cloud has, by size and hash; nothing is fetched. Where the image is
raw and the file of another format, the disk in the file is compared. Ends with 0 when they are the same, 3 when they
differ, and 4 when the record has no hash that can be compared.`,
  args: { image },
  options: {
    file: required(text('--file <FILE>', 'Disk image on this machine', { complete: 'file' })),
    backing,
    progress: progressOption,
  },
  columns: samenessColumns,
  examples: ['tglance image-verify debian-12 --file debian-12.qcow2'],
  run: async ({ args, options }, app) => {
    const { file, progress = false } = options;
    const found = await (await app.glance()).images.find(args.image);
    return withFiles(app, file, options, async ({ bytes, refuseChange }) => {
      const here = await comparable(found, bytes, app.stdio.tell);
      const meter = app.meter(file, undefined, progress);
      try {
        const same = await compareWithRecord(app, found, here, meter);
        await refuseChange();
        return samenessRows(same);
      } finally {
        meter.stop();
      }
    });
  },
});

export const compare = command({
  about: `Compare an image in the cloud with a file: their bytes, or the disks in them where their formats differ, and
what the record says with what the file is. Where the hashes do not tell, the image is fetched up to the first
difference. Ends with 0 when they are the same, and 3 when they differ.`,
  args: { image, file: arg('<FILE>', 'Disk image on this machine', 'file') },
  options: { backing, progress: progressOption },
  columns: samenessColumns,
  examples: ['tglance image-compare debian-12 debian-12.raw'],
  run: async ({ args, options }, app) => {
    const { progress = false } = options;
    const found = await (await app.glance()).images.find(args.image);
    return withFiles(app, args.file, options, async ({ bytes, refuseChange }) => {
      const meter = app.meter(args.file, undefined, progress);
      try {
        const here = await comparable(found, bytes, app.stdio.tell);
        const byRecord = await compareWithRecord(app, found, here, meter);
        const told = byRecord.every(({ Result }) => Result === 'same');
        const content = told ? byRecord : [await compareContents(app, found, bytes, meter)];
        await refuseChange();
        return samenessRows([...content, ...(await besides(found, bytes, content))]);
      } finally {
        meter.stop();
      }
    });
  },
});

/** What the record says besides, and what the file would have it say. */
async function besides(image: Image, file: Bytes, content: readonly Sameness[]): Promise<Sameness[]> {
  const { suggestion, size, format } = await inspect(file);
  const { diskFormat, containerFormat, minDisk = 0, properties } = suggestion;
  const disksOnly =
    content.some(({ Check }) => Check === 'disk') || (image.disk_format === 'raw' && format !== 'raw');
  const minimum = typeof image.min_disk === 'number' ? image.min_disk : 0;
  return [
    ...(disksOnly || diskFormat === undefined
      ? []
      : [sameness('disk_format', image.disk_format, diskFormat)]),
    sameness('container_format', image.container_format, containerFormat),
    ...(image.virtual_size ? [sameness('virtual_size', image.virtual_size, size)] : []),
    advised('min_disk', minimum, minDisk, minimum >= minDisk),
    ...Object.entries(properties).map(([key, value]) => advised(key, image[key], value)),
  ];
}

const advised = (name: string, image: unknown, file: unknown, well = image === file): Sameness => ({
  ...sameness(name, image, file),
  Result: well ? 'same' : 'suggested',
});
