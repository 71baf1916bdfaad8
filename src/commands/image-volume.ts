import type { App } from '../define/app.ts';
import { beyond, type Option, on, text, type Values } from '../define/option.ts';
import { ServiceError, TglanceError, UsageError } from '../errors.ts';
import type { Image, ImageFields } from '../glance/types.ts';
import type { changes } from './image-fields.ts';
import { visibilityOf } from './visibility.ts';
import { lookAtImport, waitFor } from './wait.ts';

/** A volume to make an image of. */
export const volumeOptions = beyond({
  volume: text('--volume <VOLUME>', 'Volume to make the image of, by name or ID'),
  force: on('--force', 'With --volume: also of one that is in use, where the cloud allows it'),
});

type Wish = Values<typeof volumeOptions> &
  ImageFields &
  Values<typeof changes> & { readonly wait?: boolean; readonly timeout: number };

/**
 * Has the Block Storage service make an image of `volume`. It understands few of the options of the command, which
 * `table` has; the others are refused.
 */
export async function imageOfVolume(
  app: App,
  volume: string,
  options: Wish,
  table: Readonly<Record<string, Option>>,
): Promise<Image> {
  refuseOthers(options, table);
  const { name, disk_format = 'raw', container_format = 'bare', force = false } = options;
  if (!name) throw new UsageError('An image of a volume needs a --name');
  const visibility = visibilityOf(options);
  const volumes = await app.volumes();
  const id = await volumes.upload(await volumes.idOf(volume), {
    ...{ image_name: name, disk_format, container_format, force },
    ...(visibility !== undefined && { visibility }),
    ...(options.protected !== undefined && { protected: options.protected }),
    ...(options.unprotected && { protected: false }),
  });
  const glance = await app.glance();
  if (!options.wait) return glance.images.show(id);
  return waitFor(app, options.timeout, async () => {
    try {
      return await lookAtImport(glance, id);
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 404)) throw error;
      throw new TglanceError(`Volume ${volume} could not be read into image ${id}, which the cloud removed`);
    }
  });
}

const understood = [
  ...['volume', 'force', 'name', 'disk_format', 'container_format', 'protected', 'unprotected'],
  ...['visibility', 'public', 'private', 'community', 'shared', 'wait', 'timeout'],
];

function refuseOthers(options: object, table: Readonly<Record<string, Option>>): void {
  const others = Object.keys(options).filter((key) => !understood.includes(key));
  if (others.length === 0) return;
  const flags = others.map((key) => /--[a-z-]+/.exec(table[key]?.flags ?? '')?.[0] ?? key);
  throw new UsageError(`${flags.join(', ')} cannot be said of an image that is made of a --volume`);
}
