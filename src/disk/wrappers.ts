import { Unread } from '../errors.ts';
import { type Format, findings, type Signs } from './format.ts';

/** Files that hold a disk image packed, by how they begin; `inside` where what is in them can be sent. */
const kinds: readonly { name: string; magic: string; unpack: string; inside?: true }[] = [
  { name: 'gzip', magic: '\x1f\x8b', unpack: 'gunzip', inside: true },
  { name: 'xz', magic: '\xfd7zXZ\0', unpack: 'unxz', inside: true },
  { name: 'zstd', magic: '\x28\xb5\x2f\xfd', unpack: 'unzstd', inside: true },
  { name: 'bzip2', magic: 'BZh', unpack: 'bunzip2', inside: true },
  { name: 'lz4', magic: '\x04\x22\x4d\x18', unpack: 'unlz4' },
  { name: 'zip', magic: 'PK\x03\x04', unpack: 'unzip' },
  { name: '7z', magic: "7z\xbc\xaf'\x1c", unpack: '7z x' },
];

const begins = ({ head }: Signs, magic: string, at = 0): boolean =>
  head.toString('latin1', at, at + magic.length) === magic;

/** A POSIX archive has its magic in the header of its first file. */
const isTar = (signs: Signs): boolean => begins(signs, 'ustar', 257);

/** A virtual appliance is an archive whose first file describes it (DSP0243). */
const isOva = (signs: Signs): boolean =>
  isTar(signs) && /\.ovf\0/i.test(signs.head.toString('latin1', 0, 101).replace(/\0+$/, '\0'));

const wrapper = (
  name: string,
  matches: Format['matches'],
  unpack: string,
  what: string,
  more = '',
): Format => ({
  name,
  matches,
  inspect: async () =>
    findings({ size: undefined, dangers: [], notes: [`${what}; ${unpack} unpacks it${more}`] }),
  open: async () => {
    throw new Unread(`${what}: unpack it with ${unpack} first`);
  },
});

/** What disk images come packed in; each is named, and not looked into. */
export const wrappers: readonly Format[] = [
  ...kinds.map(({ name, magic, unpack, inside }) =>
    wrapper(
      name,
      (signs) => begins(signs, magic),
      unpack,
      `It is compressed with ${name}`,
      inside && ', and image-create --decompress sends what is in it',
    ),
  ),
  wrapper('ova', isOva, 'tar -xf', 'It is a virtual appliance, an archive with a VMDK file in it'),
  wrapper('tar', (signs) => isTar(signs) && !isOva(signs), 'tar -xf', 'It is an archive'),
];
