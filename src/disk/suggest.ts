import type { Findings } from './format.ts';
import { type Gate, refusalOf } from './gate.ts';
import type { Partitions } from './partitions.ts';

/** What to say of an image when it is created in a cloud. */
export interface Suggestion {
  /** Undefined where no cloud takes it as it is. */
  readonly diskFormat: string | undefined;
  readonly containerFormat: string;
  /** GiB, as much as its disk needs. */
  readonly minDisk: number | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** Why Glance refuses what the file is; undefined where it takes it, or has no name for it. */
  readonly refusal: string | undefined;
}

/** The disk_formats of Glance for ours, the natural one first; those that follow it boot just as well. */
const diskFormats: Readonly<Record<string, readonly string[]>> = {
  qcow2: ['qcow2'],
  qcow: ['qcow2'],
  vmdk: ['vmdk'],
  vhd: ['vhd', 'raw'],
  vhdx: ['vhdx'],
  vdi: ['vdi'],
  parallels: ['ploop'],
  iso: ['iso', 'raw'],
  luks: ['raw'],
  raw: ['raw'],
  ova: ['vmdk'],
};

/** The words for an image that Glance takes, as far as a file tells them. */
export function suggest(
  format: string,
  { size, details }: Findings,
  table: Partitions | undefined,
  gate: Gate,
): Suggestion {
  const containerFormat = format === 'ova' ? 'ova' : 'bare';
  const names = (diskFormats[format] ?? []).filter((name) => name !== 'raw' || mayBeRaw(format, details));
  const [natural] = names;
  return {
    diskFormat: names.find((name) => refusalOf(gate, name, containerFormat) === undefined),
    containerFormat,
    minDisk: size === undefined ? undefined : Math.ceil(size / 2 ** 30),
    properties: { ...firmware(table), ...vmwareDisk(details) },
    refusal: natural === undefined ? undefined : refusalOf(gate, natural, containerFormat),
  };
}

/** A fixed VHD is a raw disk with a footer behind it; a dynamic one is not. */
const mayBeRaw = (format: string, { subformat }: Findings['details']): boolean =>
  format !== 'vhd' || subformat === 'fixed';

const efiSystem = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const biosBoot = '21686148-6449-6e6f-744e-656564454649';

/** A disk with a partition for UEFI and none for the BIOS's boot loader. */
function firmware(table: Partitions | undefined): Record<string, string> {
  const has = (type: string) => table?.partitions.some((it) => it.type === type) === true;
  return table?.scheme === 'gpt' && has(efiSystem) && !has(biosBoot) && !table.bootCode
    ? { hw_firmware_type: 'uefi' }
    : {};
}

/** What VMware's driver in Nova must know of a disk. */
function vmwareDisk({ create_type }: Findings['details']): Record<string, string> {
  if (create_type === 'streamOptimized') return { vmware_disktype: 'streamOptimized' };
  return create_type === 'monolithicSparse' ? { vmware_disktype: 'sparse' } : {};
}
