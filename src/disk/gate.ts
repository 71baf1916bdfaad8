import type { Bytes } from './bytes.ts';
import { cached } from './cached.ts';
import type { Danger } from './format.ts';
import type { Sight } from './gate-look.ts';
import { sights } from './gate-sights.ts';

/**
 * What Glance makes of a file that is uploaded, since 2025: it looks at the bytes as they come, and judges when all
 * of them are there (glance/location.py, and format_inspector.py of oslo.utils).
 */
export interface Gate {
  /** The formats it sees, in its words: `gpt` is any partition table, `raw` alone stands for none of the others. */
  readonly formats: readonly string[];
  /** The checks that fail, by its names for them, of the format that it settles on. */
  readonly failures: readonly Danger[];
  /** The size that it notes for the disk when the image is said to be of the format it sees; 0 is unknown. */
  readonly size: number;
}

/** Looks at a file as Glance will. */
export async function gateOf(file: Bytes): Promise<Gate> {
  const bytes = cached(file);
  const seen: Sight[] = [];
  for (const sight of sights) {
    const found = await sight(bytes);
    if (found !== undefined) seen.push(found);
  }
  const formats = seen.map(({ name }) => name);
  const settled = isHybrid(formats) ? seen.find(({ name }) => name === 'iso') : seen[0];
  if (settled === undefined) return { formats: ['raw'], failures: [], size: file.size };
  return { formats, failures: settled.failures, size: settled.size };
}

/** Why Glance refuses the file as an image of these formats, or undefined if it takes it. */
export function refusalOf(
  { formats, failures }: Gate,
  diskFormat: string,
  containerFormat = 'bare',
): string | undefined {
  if (containerFormat !== 'bare') return undefined;
  if (formats.length > 1 && !isHybrid(formats))
    return `it sees several formats at once: ${formats.join(', ')}`;
  const format = isHybrid(formats) ? 'iso' : (formats[0] ?? 'raw');
  const takesUnseen = format === 'raw' && !known.includes(diskFormat);
  if (format !== diskFormat && diskFormat !== 'raw' && !takesUnseen) {
    return `the data are ${format}, and not ${diskFormat}`;
  }
  if (failures.length === 0) return undefined;
  return `its safety checks fail: ${failures.map(({ check, reason }) => `${check} (${reason})`).join('; ')}`;
}

/** A disk that is a CD as well is the one combination it takes, as a CD. */
const isHybrid = (formats: readonly string[]): boolean =>
  formats.length === 2 && formats.includes('iso') && formats.includes('gpt');

/** The disk_formats that it looks for; of the others (ami, ploop) it only asks that they are none of these. */
const known = ['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'qed', 'iso', 'gpt', 'luks'];
