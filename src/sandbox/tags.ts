import { type Known, param, permit, revise } from './calls.ts';
import { empty } from './exchange.ts';
import type { Image } from './image.ts';
import { checkStorable } from './images.ts';
import { Refusal, refuse } from './refusal.ts';
import { imageObject } from './schema.ts';
import { validate } from './validate.ts';

const missing = (id: string) => `Image ${id} not found.`;

/** PUT /v2/images/:id/tags/:tag */
export const addTag: Known = (cloud, call) => {
  const tag = param(call, 'tag');
  validate('image', imageObject, { tags: [tag] });
  const tagged = (image: Image) => {
    permit(image, call, 'modify_image');
    const changed = { ...image, tags: [...new Set([...image.tags, tag])] };
    checkStorable(changed);
    return changed;
  };
  try {
    revise(cloud, call, tagged, missing);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 413) throw error;
    throw refuse(413, `Image tag limit exceeded for image ${param(call, 'id')}: ${error.message}:`);
  }
  return empty(204);
};

/** DELETE /v2/images/:id/tags/:tag */
export const removeTag: Known = (cloud, call) => {
  const tag = param(call, 'tag');
  const untagged = (image: Image) => {
    permit(image, call, 'modify_image');
    if (!image.tags.includes(tag)) throw refuse(404);
    return { ...image, tags: image.tags.filter((it) => it !== tag) };
  };
  revise(cloud, call, untagged, missing);
  return empty(204);
};
