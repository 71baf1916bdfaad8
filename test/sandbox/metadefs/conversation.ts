import { contents } from './contents.ts';
import type { Line } from './line.ts';
import { namespaces } from './namespaces.ts';
import { objects } from './objects.ts';
import { properties } from './properties.ts';
import { protectedOnes } from './protected.ts';
import { resourceTypes } from './resource-types.ts';
import { tags } from './tags.ts';

/** Everything that may be said of metadata definitions, in an order in which it makes sense. */
export const conversation: readonly Line[] = [
  ...namespaces,
  ...properties,
  ...objects,
  ...tags,
  ...resourceTypes,
  ...protectedOnes,
  ...contents,
];

/** What stands in braces: the namespaces that the conversation makes; all are gone at its end. */
export const names = ['mine', 'renamed', 'full', 'other'] as const;
