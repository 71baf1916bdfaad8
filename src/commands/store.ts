import { arg, command } from '../define/command.ts';
import { required, text } from '../define/option.ts';
import { done } from '../define/view.ts';
import { ServiceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import { refuseUnknownStore } from './deliver.ts';
import { type Look, waitFor, waitOptions } from './wait.ts';

export const deleteCopy = command({
  about: "Delete an image's data from one store of several.",
  args: { image: arg('<IMAGE>', 'Name or ID of the image', 'image') },
  options: {
    store: required(text('--store <STORE>', 'Store to delete from', { complete: 'store' })),
    ...waitOptions,
  },
  examples: ['tglance stores-delete cirros --store cheap'],
  run: async ({ args, options: { store, wait, timeout } }, app) => {
    const glance = await app.glance();
    const { images } = glance;
    const id = await images.idOf(args.image);
    try {
      await images.deleteCopy(id, store);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.status === 404 || error.status === 409) await refuseUnknownStore(glance, store);
      throw refused(args.image, store, error);
    }
    if (wait) await waitFor(app, timeout, () => lookAtCopy(glance, id, store));
    return done(`Store ${store} does not hold image ${id} any more`);
  },
});

async function lookAtCopy({ images }: Glance, id: string, store: string): Promise<Look<true>> {
  const { stores } = await images.show(id);
  const holds = String(stores ?? '').split(',');
  return holds.includes(store) ? { still: `Store ${store} still holds image ${id}` } : { done: true };
}

function refused(image: string, store: string, { status, detail, requestId }: ServiceError): ServiceError {
  const message =
    status === 404
      ? `Multi Backend support is not enabled or Image/store not found. (HTTP ${detail})`
      : `Unable to delete image '${image}' from store '${store}'. (HTTP ${detail})`;
  return new ServiceError(status, detail, message, requestId);
}
