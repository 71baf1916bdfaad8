import { arg, command } from '../define/command.ts';
import { on } from '../define/option.ts';
import { record } from '../define/view.ts';
import { openDisk } from '../disk/formats.ts';
import { inspect as inspectBytes } from '../disk/inspect.ts';
import { UsageError } from '../errors.ts';
import { checkColumns, checkedRows, checkOptions, listing } from './checking.ts';
import { lookInside, nothingInside } from './file-guest.ts';
import { reportOf, shownReport } from './file-report.ts';
import { withImage } from './image-bytes.ts';
import { insideOf } from './inside.ts';

const about = 'Name or ID of the image, or a file on this machine';

export const inspect = command({
  about: `Tell what an image in the cloud is, as file-inspect does of a file. Little of it is fetched for that, where the
cloud gives parts of images.`,
  args: { image: arg('<IMAGE>', about, 'image') },
  options: { no_guest: on('--no-guest', 'Do not look at its file systems and operating system') },
  examples: ['tglance image-inspect cirros', 'tglance image-inspect cirros -f json'],
  run: ({ args, options }, app) =>
    withImage(app, args.image, async ({ bytes, name, image, allocated, fetched }) => {
      const found = await inspectBytes(bytes);
      const looks = found.table !== undefined && options.no_guest !== true;
      const inside = looks ? await lookInside(await openDisk(bytes, found.format)) : nothingInside;
      const bytesRead = fetched?.().bytes ?? found.bytesRead;
      const report = reportOf(
        { file: name, size: bytes.size, allocated, bytesRead },
        found,
        inside,
        undefined,
      );
      const shown = shownReport(report, undefined);
      if (image === undefined) return record(report, { shown });
      const said = { id: image.id, name: image.name, disk_format: image.disk_format };
      return record(inCloud(said, report), { shown: inCloud(said, shown) });
    }),
});

/** A report without what is only so of a file, and what the record says instead. */
function inCloud(said: object, report: object): object {
  const { file: _file, allocated_size: _size, ...rest }: Record<string, unknown> = { ...report };
  return { ...said, ...rest };
}

export const check = command({
  about: `Check whether the guest in an image can live in a cloud, as file-check does of a file, and with its exit
codes. Little of the image is fetched for that, where the cloud gives parts of images.`,
  args: { image: arg('[IMAGE]', about, 'image') },
  options: checkOptions,
  columns: checkColumns,
  examples: ['tglance image-check debian-12', 'tglance image-check debian-12 --only ssh-server --explain'],
  run: ({ args: { image }, options }, app) => {
    if (options.list === true) return listing();
    if (image === undefined) throw new UsageError('Say which IMAGE to check');
    return withImage(app, image, ({ bytes }) =>
      checkedRows(app, async (act) => act(await insideOf(bytes)), ['image-check', image], options),
    );
  },
});
