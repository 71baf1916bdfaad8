import { arg, command } from '../define/command.ts';
import { done } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import { dataOf, deliver, refuseUnknownStore } from './deliver.ts';
import { dataOptions, storeOption } from './image-fields.ts';
import { preparationOptions, prepared } from './prepared.ts';
import { verifyOption } from './proof.ts';
import { waitOptions } from './wait.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');

export const upload = command({
  about: 'Send the data of an image that has none yet.',
  args: { image },
  options: {
    ...dataOptions,
    ...verifyOption,
    ...preparationOptions,
    ...waitOptions,
    store: storeOption,
  },
  examples: ['tglance image-upload cirros --file cirros.img --progress'],
  run: async ({ args, options }, app) => {
    const { store } = options;
    const data = await dataOf(app, options);
    if (data === undefined)
      throw new UsageError('There are no data: give --file, or send them to standard input');
    const glance = await app.glance();
    if (store !== undefined) await refuseUnknownStore(glance, store);
    const found = await glance.images.find(args.image);
    const { source } = await prepared(app, data, found, options);
    const { id, size } = await deliver(app, glance, found, source, options);
    return done(`Image ${id} is active, ${size} bytes${options.no_verify ? '' : ', verified'}`);
  },
});
