import { isDeepStrictEqual } from 'node:util';
import { arg, command } from '../define/command.ts';
import { many, required, text } from '../define/option.ts';
import { done, record, type View } from '../define/view.ts';
import { NotFound, TglanceError, UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image, Location } from '../glance/types.ts';
import { orUnsupported } from './capability.ts';
import { shownImage } from './image-fields.ts';
import { jsonObject } from './json-option.ts';
import { lookAtImport, waitFor, waitOptions } from './wait.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');
const metadata = jsonObject(
  '--metadata <JSON>',
  'What to note of the location; nothing when missing',
  'Metadata is not a valid JSON object.',
);

export const add = command({
  about: 'Say where data of an image lie, on a cloud that shows locations.',
  args: { image },
  options: {
    url: required(text('--url <URL>', 'Address of the data')),
    metadata,
    checksum: text('--checksum <MD5>', 'MD5 of the data'),
    hash_algo: text(
      '--hash-algo <ALGORITHM>',
      'How --hash-value is computed: sha512, unless the cloud says otherwise',
    ),
    hash_value: text('--hash-value <HASH>', 'Hash of the data'),
  },
  examples: ['tglance location-add cirros --url https://example.org/cirros.img'],
  run: async ({ args, options }, app) => {
    const { images, locations } = await app.glance();
    const validation = {
      ...(options.checksum && { checksum: options.checksum }),
      ...(options.hash_algo && { os_hash_algo: options.hash_algo }),
      ...(options.hash_value && { os_hash_value: options.hash_value }),
    };
    const location = {
      url: options.url,
      metadata: options.metadata ?? {},
      ...(Object.keys(validation).length > 0 && { validation_data: validation }),
    };
    const id = await images.idOf(args.image);
    await locations.add(id, location);
    return shownWhole(await images.show(id));
  },
});

export const update = command({
  about: 'Change what is noted of a location.',
  args: { image },
  options: { url: required(text('--url <URL>', 'Address of the data, as image-show has it')), metadata },
  examples: [
    `tglance location-update cirros --url https://example.org/cirros.img --metadata '{"from":"mirror"}'`,
  ],
  run: async ({ args, options: { url, metadata = {} } }, app) => {
    if (Object.keys(metadata).length === 0) {
      app.stdio.tell("WARNING -- The location's metadata will be updated to an empty JSON object.");
    }
    const glance = await app.glance();
    const { found, known } = await knownLocations(glance, args.image);
    const old = known.find((location) => location.url === url);
    if (old === undefined) {
      throw new NotFound(`Unknown URL: ${url}, the URL must be one of existing locations of current image`);
    }
    if (isDeepStrictEqual(old.metadata, metadata)) return shownWhole(found);
    const changed = known.map((location) => (location === old ? { url, metadata } : location));
    await glance.locations.replace(found.id, changed);
    return shownWhole(await glance.images.show(found.id));
  },
});

export const remove = command({
  about: 'Forget locations of an image; what lies there is deleted where the cloud can.',
  args: { image },
  options: {
    url: required(many(text('--url <URL>', 'Address of the data, as image-show has it; repeatable'))),
  },
  examples: ['tglance location-delete cirros --url https://example.org/cirros.img'],
  run: async ({ args, options }, app) => {
    const glance = await app.glance();
    const { found, known } = await knownLocations(glance, args.image);
    const urls = [...new Set(options.url)];
    const unknown = urls.filter((url) => !known.some((location) => location.url === url));
    if (unknown.length > 0) throw new NotFound(`Unknown URL(s): ${unknown.join(', ')}`);
    await glance.locations.remove(
      found.id,
      urls.map((url) => known.findIndex((location) => location.url === url)),
    );
    return done(`Image ${found.id} has ${urls.length === 1 ? 'that location' : 'those locations'} no more`);
  },
});

/** All fields as the cloud has them but the link to itself: less is left out here than where images are the matter. */
function shownWhole(image: Image): View {
  const { self: _self, ...shown } = image;
  return record(image, { shown });
}

async function knownLocations(
  { images }: Glance,
  word: string,
): Promise<{ found: Image; known: readonly Location[] }> {
  const found = await images.find(word);
  if (!Array.isArray(found.locations)) {
    throw new TglanceError('The administrator has disabled API access to image locations');
  }
  return { found, known: found.locations as readonly Location[] };
}

const algorithms = ['sha512', 'sha256', 'sha1', 'md5'];

export const register = command({
  about: 'Give an image that has no data yet the address of data, from where the cloud uses them.',
  args: { image },
  options: {
    url: required(text('--url <URL>', 'Address of the data')),
    validation_data: jsonObject(
      '--validation-data <JSON>',
      'os_hash_algo and os_hash_value of the data',
      'validation-data is not a valid JSON object.',
    ),
    ...waitOptions,
  },
  examples: ['tglance add-location cirros --url https://example.org/cirros.img --wait'],
  run: async ({ args, options }, app) => {
    const { url, validation_data: validation = {} } = options;
    refuseValidation(validation);
    const glance = await app.glance();
    const id = await glance.images.idOf(args.image);
    await orUnsupported(
      glance.locations.register(id, url, validation),
      glance,
      'v2.17',
      'HTTP This operation is not supported by Glance.',
    );
    const after = options.wait
      ? await waitFor(app, options.timeout, () => lookAtImport(glance, id))
      : await glance.images.show(id);
    return record(after, { shown: shownImage(after) });
  },
});

function refuseValidation(data: { os_hash_algo?: unknown }): void {
  const extra = Object.keys(data).find((key) => key !== 'os_hash_algo' && key !== 'os_hash_value');
  if (extra !== undefined) {
    throw new UsageError(
      `Validation Data should contain only os_hash_algo and os_hash_value. \`${extra}\` is not allowed`,
    );
  }
  const { os_hash_algo: algorithm } = data;
  if (Object.keys(data).length > 0 && !algorithms.includes(String(algorithm))) {
    throw new UsageError(
      `os_hash_algo: \`${algorithm}\` is incorrect, allowed hashing algorithms: ${algorithms.join(', ')}`,
    );
  }
}
