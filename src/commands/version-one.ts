import type { App } from '../define/app.ts';
import { beyond, text } from '../define/option.ts';
import { ServiceError, UsageError, VerifyError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import type { Source } from '../transfer/source.ts';
import { digest } from '../transfer/watch.ts';
import { watched } from '../transfer/watched.ts';
import { type Delivery, deliver } from './deliver.ts';
import { lookAtImport, waitFor } from './wait.ts';

/** What version 1 of the API could be told of data when an image is created; today each is a step of its own. */
export const addressOptions = beyond({
  location: text('--location <URL>', 'Address of data that the cloud uses where they are'),
  copy_from: text('--copy-from <URL>', 'Address of data that the cloud fetches, or else this program'),
  checksum: text('--checksum <MD5>', 'MD5 of the data, checked before and after they are sent'),
});

/** Gives a new image the address of its data: by the call for it, or as a cloud that shows locations wants it. */
export async function located(app: App, glance: Glance, { id }: Image, url: string): Promise<Image> {
  app.stdio.tell(
    `--location is a word of the Image API's version 1; it is taken as add-location --url ${url}`,
  );
  const { images, locations } = glance;
  try {
    await locations.register(id, url, {});
  } catch (error) {
    if (!(error instanceof ServiceError && [404, 405, 501].includes(error.status))) throw error;
    await locations.add(id, { url, metadata: {} });
  }
  return images.show(id);
}

/** Fills a new image with what is at an address: the cloud fetches it where it may, else this program does. */
export async function copied(
  app: App,
  glance: Glance,
  created: Image,
  url: string,
  delivery: Delivery,
): Promise<Image> {
  const { info, imports } = glance;
  const { store, timeout } = delivery;
  app.stdio.tell("--copy-from is a word of the Image API's version 1; it is taken as import by web-download");
  if ((await info.importMethods()).includes('web-download')) {
    try {
      await imports.start(created.id, { method: { name: 'web-download', uri: url } }, store);
      return await waitFor(app, timeout, () => lookAtImport(glance, created.id, store ? [store] : []));
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 400)) throw error;
      app.stdio.tell(`The cloud does not fetch ${url} (${error.detail}); it is fetched from here`);
    }
  }
  return deliver(app, glance, created, await app.fetch(url), delivery);
}

/** Refuses data of another MD5 before anything is created, where they can be read twice. */
export async function refuseOtherChecksum(
  source: Source | undefined,
  checksum: string,
  tell: (line: string) => void,
): Promise<void> {
  tell("--checksum is a word of the Image API's version 1; the data are compared with it");
  if (source === undefined) {
    throw new UsageError('--checksum is the MD5 of data: give them with --file or on standard input');
  }
  if (!source.again) return;
  const md5 = digest('md5');
  for await (const chunk of watched(source, [md5]).chunks()) void chunk;
  if (md5.hex() !== checksum.toLowerCase()) {
    throw new VerifyError(`The md5 of ${source.name} is ${md5.hex()}, not ${checksum}`);
  }
}

/** Refuses a record whose data have another MD5. */
export function refuseOtherRecord({ id, checksum: found }: Image, checksum: string): void {
  if (typeof found === 'string' && found.toLowerCase() !== checksum.toLowerCase()) {
    throw new VerifyError(`The md5 of image ${id} is ${found}, not ${checksum}`);
  }
}
