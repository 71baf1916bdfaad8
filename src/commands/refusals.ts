import type { App } from '../define/app.ts';
import { isCutOff } from '../disk/format.ts';
import { type Gate, refusalOf } from '../disk/gate.ts';
import type { Inspection } from '../disk/inspect.ts';
import { DiskError, UsageError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import { canUnpack } from '../transfer/unpack.ts';

/** What a record says of its data. */
export type Declared = Partial<Pick<Image, 'disk_format' | 'container_format'>>;

/** Dangers that are none to who reads the files that are named on purpose, and into a disk of one file. */
const elsewhere: readonly string[] = ['backing_file', 'data_file', 'descriptor'];

/**
 * Refuses what is dangerous to whoever opens it as a disk. `way` is what can be done about it; `backing` is what
 * `--backing` says, and false where there is no such option.
 */
export function refuseDangers(
  name: string,
  found: Pick<Inspection, 'dangers'>,
  { allow_unsafe, backing }: { readonly allow_unsafe?: boolean; readonly backing?: boolean },
  way = '--allow-unsafe sends it nevertheless',
): void {
  const named = found.dangers.filter(({ check }) => elsewhere.includes(check));
  const dangers = found.dangers.filter((it) => backing !== true || !named.includes(it));
  if (dangers.length === 0 || allow_unsafe) return;
  const reasons = dangers.map(({ reason }) => reason).join('; ');
  const more = backing === undefined && named.length === dangers.length;
  throw new DiskError(
    `${name} is not safe: ${reasons}; ${way}${more ? ', --backing reads that as well' : ''}`,
  );
}

/** Refuses what is not all there: Glance would take it, and nothing could boot from it. */
export function refuseCutOff(
  name: string,
  { problems, table }: Pick<Inspection, 'problems' | 'table'>,
): void {
  // a disk that ends before the copy of its partition table may have been made smaller on purpose
  const problem = problems.find((it) => isCutOff(it) && !table?.problems.includes(it));
  if (problem === undefined) return;
  throw new DiskError(`${name} is not whole: ${problem}; --no-inspect sends it nevertheless`);
}

/** Refuses what Glance refuses once it has all of it, and what nothing could boot. */
export function refuseMismatch(
  name: string,
  { format, gate, suggestion }: Inspection,
  { disk_format: said, container_format: container }: Declared,
  { allow_unsafe }: { readonly allow_unsafe?: boolean },
): void {
  if (typeof said !== 'string' || (container ?? 'bare') !== 'bare') return;
  const refusal = refusalOf(allow_unsafe ? { ...gate, failures: [] } : gate, said);
  const isOther = said === 'raw' && notRaw.includes(format) && suggestion.diskFormat !== 'raw';
  if (refusal === undefined && !isOther) return;
  const why =
    refusal === undefined ? `its data are ${format}, and not raw` : `Glance would refuse it: ${refusal}`;
  const way = suggestion.diskFormat === undefined ? '' : `say --disk-format ${suggestion.diskFormat}, or `;
  throw new DiskError(`${name} is no ${said} image: ${why}; ${way}--no-inspect sends it nevertheless`);
}

/** What is never the bytes of a disk as its guest sees them. */
const notRaw = ['qcow2', 'qcow', 'qed', 'vmdk', 'vhd', 'vhdx', 'vdi', 'parallels'];

/** Refuses what is packed and said to be something else; where it may be sent as it is, says so: hardly anybody wants that. */
export function refusePacked(
  app: App,
  name: string,
  format: string,
  { disk_format: said, container_format: container }: Declared,
): void {
  if (!canUnpack(format)) return;
  const about = `it is compressed with ${format}; --decompress sends what is in it`;
  if (typeof said !== 'string') throw new UsageError(`${name} is no disk image: ${about}`);
  if (refusalOf(anything, said, container ?? 'bare') !== undefined) {
    throw new DiskError(`${name} is no ${said} image: ${about}, and --no-inspect the file as it is`);
  }
  if ((container ?? 'bare') === 'bare') app.stdio.tell(`${name} is sent as it is: ${about}`);
}

/** How Glance sees what it does not know. */
const anything: Gate = { formats: ['raw'], failures: [], size: 0 };
