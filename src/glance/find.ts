import { NotFound, ServiceError } from '../errors.ts';
import type { Api } from './api.ts';
import { path, refuseEmpty } from './path.ts';
import { imageIn } from './shape.ts';
import type { Image } from './types.ts';

/**
 * The one image that a person means by a name or ID. The ID goes first; a name that fits several is an error.
 * Images that other projects offer, and that nobody has accepted yet, go by their names only where `offered` says so:
 * anybody may give such an image any name.
 */
export async function findImage(api: Api, word: string, { offered = false } = {}): Promise<Image> {
  refuseEmpty(word);
  if (mayBeId.test(word)) {
    try {
      return imageIn(await api.get<Image>(path`/v2/images/${word}`));
    } catch (error) {
      if (!(error instanceof ServiceError) || !(error.status === 404 || error.status === 400)) throw error;
      if (isId(word)) throw error;
    }
  }
  let found: readonly Image[] = [];
  for (const more of [[], hidden, ...(offered ? [pending] : [])]) {
    if (found.length === 0) found = await named(api, word, more);
  }
  const [first, ...others] = found;
  if (first === undefined) throw new NotFound(`No image found with the name or ID '${word}'`);
  if (others.length > 0) {
    const ids = found.map((image) => imageIn(image).id);
    throw new NotFound(`'${word}' is the name of several images: ${ids.join(', ')}`, ids);
  }
  return imageIn(first);
}

const hidden = [['os_hidden', 'True']] as const;
const pending = [
  ['member_status', 'all'],
  ['visibility', 'shared'],
] as const;

/** Whether the word has the shape that Glance gives every ID. */
export const isId = (word: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(word);

/** Names with other characters are not worth the request that would look for an ID. */
const mayBeId = /^(?!\.{1,2}$)[A-Za-z0-9._~:-]+$/;

async function named(api: Api, name: string, more: readonly (readonly [string, string])[]): Promise<Image[]> {
  const found: Image[] = [];
  const query = [['name', quoted(name)] as const, ...more];
  for await (const page of api.pages<Image>('/v2/images', 'images', query)) {
    // a server that does not filter must not make us act on another image
    found.push(...page.filter((image) => image.name === name));
    if (found.length > 20) break;
  }
  return found;
}

/** `in:` begins a list in Glance's filters, so a name that begins with it is asked for as a list of one. */
const quoted = (name: string) => (name.startsWith('in:') ? `in:"${name.replaceAll('"', '\\"')}"` : name);
