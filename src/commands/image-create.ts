import type { App } from '../define/app.ts';
import { command } from '../define/command.ts';
import type { Values } from '../define/option.ts';
import { record } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import { dataOf, deliver, refuseUnknownStore } from './deliver.ts';
import { changes, chosen, dataOptions, fields, shownImage, storeOption } from './image-fields.ts';
import { signer, signOptions } from './image-signature.ts';
import { imageOfVolume, volumeOptions } from './image-volume.ts';
import {
  createRecord,
  filled,
  newImageOptions,
  refuseWithoutData,
  refuseWithoutFormats,
} from './new-image.ts';
import { declaredIn, preparationOptions, prepared, refuseUnprepared, say } from './prepared.ts';
import { verifyOption } from './proof.ts';
import { addressOptions, copied, located, refuseOtherChecksum, refuseOtherRecord } from './version-one.ts';
import { waitOptions } from './wait.ts';
import { ownerOf } from './whose.ts';

const options = {
  ...fields,
  ...changes,
  ...dataOptions,
  ...verifyOption,
  ...preparationOptions,
  ...newImageOptions,
  ...signOptions,
  ...volumeOptions,
  ...waitOptions,
  ...addressOptions,
  store: storeOption,
};

export const create = command({
  about: 'Create an image: without data, with those of a file or of standard input, or from a volume.',
  options,
  examples: [
    'tglance image-create --name cirros --disk-format qcow2 --container-format bare --file cirros.img',
    'tglance image-create --name debian-12 --file debian-12.qcow2 --convert-to raw --check --progress',
    'tglance image-create --name fedora --disk-format raw --container-format bare --file fedora.raw.xz --decompress',
    'tglance image-create --name empty --property hw_disk_bus=scsi',
    'tglance image-create --name backup --volume database --wait',
  ],
  run: async ({ options: given }, app) => {
    const { volume } = given;
    const made =
      volume === undefined ? await newImage(app, given) : await imageOfVolume(app, volume, given, options);
    return record(made, { shown: shownImage(made) });
  },
});

async function newImage(app: App, given: Values<typeof options>): Promise<Image> {
  const { location, copy_from: address, checksum, force } = given;
  if (force) throw new UsageError('--force says something only of a --volume');
  const set = chosen({ ...given, ...(await ownerOf(app, given)) }, app.stdio.tell);
  if (location !== undefined || address !== undefined) {
    refuseSeveral(given);
    refuseUnprepared(given);
    await signer(app, undefined, given); // refuses to sign what is not read here
    const glance = await app.glance();
    if (address !== undefined) refuseWithoutFormats(set, '--copy-from');
    const created = await createRecord(app, glance, set, given);
    return filled(app, created, given, () =>
      location === undefined
        ? copied(app, glance, created, address ?? '', given)
        : located(app, glance, created, location),
    );
  }
  const data = await dataOf(app, given);
  if (data === undefined) {
    refuseWithoutData(given);
    refuseUnprepared(given);
  }
  const ready = data && (await prepared(app, data, declaredIn(set), given));
  if (ready !== undefined) say(set, ready.learned);
  const source = ready?.source;
  if (source !== undefined) refuseWithoutFormats(set, given.file === undefined ? 'stdin' : '--file');
  if (checksum !== undefined) await refuseOtherChecksum(source, checksum, app.stdio.tell);
  const proof = await signer(app, source, given);
  const glance = await app.glance();
  if (given.store !== undefined) await refuseUnknownStore(glance, given.store);
  for (const [key, value] of await proof()) set.set(key, value);
  const created = await createRecord(app, glance, set, given);
  if (source === undefined) return created;
  return filled(app, created, given, async () => {
    const complete = await deliver(app, glance, created, source, given);
    if (checksum !== undefined) refuseOtherRecord(complete, checksum);
    return complete;
  });
}

function refuseSeveral(given: Values<typeof options>): void {
  const said = (['file', 'location', 'copy_from', 'size', 'checksum'] as const).filter(
    (key) => given[key] !== undefined,
  );
  if (said.length > 1) {
    const flags = said.map((key) => `--${key.replace('_', '-')}`);
    throw new UsageError(`${flags.join(' and ')} cannot be used together`);
  }
}
