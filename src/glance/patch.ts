import type { Image } from './types.ts';

/** One step of a JSON patch: https://docs.openstack.org/api-ref/image/v2/#update-image */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The operations that give an image its new values; a property that is both set and removed stays set. */
export function patchOf(
  image: Image,
  changes: ReadonlyMap<string, unknown>,
  removed: readonly string[],
): Operation[] {
  const remove = removed
    .filter((key) => Object.hasOwn(image, key) && !changes.has(key))
    .map((key): Operation => ({ op: 'remove', path: pointer(key) }));
  const change = [...changes].map(([key, value]): Operation => {
    return { op: Object.hasOwn(image, key) ? 'replace' : 'add', path: pointer(key), value };
  });
  return [...change, ...remove];
}

/** A key as a JSON pointer: https://www.rfc-editor.org/rfc/rfc6901 */
const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
