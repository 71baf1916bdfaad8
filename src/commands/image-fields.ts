import {
  beyond,
  type FlagsFor,
  leniently,
  on,
  oneOf,
  pairs,
  text,
  truth,
  type Values,
  whole,
} from '../define/option.ts';
import type { Columns } from '../define/view.ts';
import type { Image, ImageFields } from '../glance/types.ts';
import { progressOption } from './progress.ts';
import { rateOption } from './rate.ts';
import { visibilityOf, visibilitySwitches } from './visibility.ts';
import { ownerOptions } from './whose.ts';

/** The options that set an image's own fields; the key is the API's word, the flag the user's. */
export const fields = {
  architecture: text('--architecture <ARCHITECTURE>', 'Operating system architecture'),
  container_format: text('--container-format <FORMAT>', 'Format of the container: bare, ovf, ova, docker…', {
    complete: ['bare', 'ovf', 'ova', 'docker', 'compressed', 'ami', 'ari', 'aki'],
  }),
  disk_format: text('--disk-format <FORMAT>', 'Format of the disk: raw, qcow2, vmdk, vhd, iso…', {
    complete: ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi', 'iso', 'ploop', 'ami', 'ari', 'aki'],
  }),
  instance_uuid: text('--instance-uuid <UUID>', 'Instance that the image was made from'),
  kernel_id: text('--kernel-id <IMAGE_ID>', 'Kernel to boot an AMI-style image with', { complete: 'image' }),
  min_disk: whole('--min-disk <GB>', 'Disk space that an instance needs to boot it'),
  min_ram: whole('--min-ram <MB>', 'Memory that an instance needs to boot it'),
  name: text('--name <NAME>', 'Name shown to people'),
  os_distro: text('--os-distro <DISTRO>', 'Name of the operating system distribution'),
  os_hidden: leniently('--hidden [BOOL]', 'Leave it out of listings'),
  os_version: text('--os-version <VERSION>', 'Version of the operating system'),
  owner: text('--owner <PROJECT>', 'Project that owns it, by name or ID'),
  protected: truth('--protected [BOOL]', 'Refuse to delete it'),
  ramdisk_id: text('--ramdisk-id <IMAGE_ID>', 'Ramdisk of an AMI-style image', { complete: 'image' }),
  visibility: oneOf('--visibility <SCOPE>', 'Who may use it', ['public', 'private', 'community', 'shared']),
} satisfies FlagsFor<ImageFields>;

/** More ways of saying the same, and properties: create and update share them. */
export const changes = {
  property: pairs('--property <KEY=VALUE>', 'Set a property, your own or a known one; repeatable'),
  ...visibilitySwitches,
  ...ownerOptions,
  ...beyond({
    description: text('--description <TEXT>', 'What it is'),
    unprotected: on('--unprotected', 'Allow to delete it'),
    unhidden: on('--unhidden', 'Show it in listings'),
    is_public: truth('--is-public <BOOL>', 'Version 1 word for --visibility', { hidden: true }),
    is_protected: truth('--is-protected <BOOL>', 'Version 1 word for --protected', { hidden: true }),
  }),
};

/** What the options of a command line set, in the API's words; a property wins over the option of its name. */
export function chosen(
  options: ImageFields & Values<typeof changes>,
  tell: (line: string) => void,
): Map<string, unknown> {
  const { unprotected, unhidden, is_public, is_protected, description } = options;
  const set = new Map<string, unknown>();
  const say = (key: string, value: unknown) => value !== undefined && set.set(key, value);
  const old = (flag: string, meaning: string) =>
    tell(`${flag} is a word of the Image API's version 1; it is taken as ${meaning}`);
  for (const key of Object.keys(fields) as (keyof ImageFields)[]) say(key, options[key]);
  say('description', description);
  say('visibility', visibilityOf(options));
  if (unprotected) set.set('protected', false);
  if (unhidden) set.set('os_hidden', false);
  if (is_public !== undefined) {
    const visibility = is_public ? 'public' : 'shared';
    old('--is-public', `--visibility ${visibility}`);
    if (!set.has('visibility')) set.set('visibility', visibility);
  }
  if (is_protected !== undefined) {
    old('--is-protected', `--protected ${is_protected}`);
    if (!set.has('protected')) set.set('protected', is_protected);
  }
  for (const [key, value] of options.property ?? []) set.set(key, value);
  return set;
}

/** The switch that asks for a progress report, and the file that data come from: create, upload and stage. */
export const dataOptions = {
  file: text('--file <FILE>', "File or web address of the image's data; - is standard input", {
    complete: 'file',
  }),
  size: whole('--size <BYTES>', 'Size of the data, checked while they are sent'),
  progress: progressOption,
  ...rateOption,
};

/** The store that data go into. */
export const storeOption = text('--store <STORE>', 'Store to put the data into', {
  env: ['OS_IMAGE_STORE'],
  complete: 'store',
});

/** What a person sees of an image: glance leaves out the links, and says so where there is no virtual size. */
export function shownImage(image: Image): Record<string, unknown> {
  const { self: _self, access: _access, file: _file, schema: _schema, ...rest } = image;
  const shown: Record<string, unknown> = rest;
  if ('virtual_size' in shown && !shown.virtual_size) shown.virtual_size = 'Not available';
  return shown;
}

/** The columns of a list of images, in the order they are shown in. */
export const imageColumns: Columns<Image> = {
  ID: 'id',
  Name: 'name',
  Disk_format: 'disk_format',
  Container_format: 'container_format',
  Size: 'size',
  Status: 'status',
  Owner: 'owner',
  Visibility: 'visibility',
  Protected: 'protected',
  Hidden: 'os_hidden',
  Min_disk: 'min_disk',
  Min_ram: 'min_ram',
  Checksum: 'checksum',
  Hash_algorithm: 'os_hash_algo',
  Hash_value: 'os_hash_value',
  Virtual_size: 'virtual_size',
  Created_at: 'created_at',
  Updated_at: 'updated_at',
  Tags: 'tags',
  Stores: 'stores',
};
