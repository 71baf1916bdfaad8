import { arg, command } from '../define/command.ts';
import { UsageError } from '../errors.ts';
import { checkColumns, checkedRows, checkOptions, listing } from './checking.ts';
import { inFile } from './inside.ts';
import { backing } from './named-files.ts';

export const check = command({
  about: `Check whether the guest in a disk image can live in a cloud: the seven requirements of OpenStack's image guide.
Ends with 0 when nothing failed, 1 when the image cannot be read or is damaged, 3 when a check failed, and 4 when
nothing failed but something is unknown (encrypted, a file system that is not read).`,
  args: { file: arg('[FILE]', 'Image file', 'file') },
  options: { ...checkOptions, backing },
  columns: checkColumns,
  examples: [
    'tglance file-check debian-12.qcow2',
    'tglance file-check --explain --only console-log disk.img',
  ],
  run: async ({ args, options }, app) => {
    if (options.list === true) return listing();
    if (args.file === undefined) throw new UsageError('Say which FILE to check');
    const { file } = args;
    return checkedRows(app, (act) => inFile(app, file, options, act), ['file-check', file], options);
  },
});
