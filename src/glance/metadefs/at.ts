import { UsageError } from '../../errors.ts';
import { path } from '../path.ts';

/** A path below /v2/metadefs/namespaces. */
export const at = (fixed: TemplateStringsArray, ...names: string[]): string =>
  `/v2/metadefs/namespaces/${path(fixed, ...names.map(reachable))}`;

/**
 * The name, unless no path could lead to what has it. Glance's router takes `a%2Ftags` for `a/tags`: what is called
 * so could never be shown or deleted, and deleting it would empty another namespace.
 */
export function reachable(name: string): string {
  if (/^\.{0,2}$|\//.test(name)) throw new UsageError(`'${name}' cannot be the name of a definition`);
  return name;
}
