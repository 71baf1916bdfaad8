import { arg, command } from '../define/command.ts';
import { done, rows } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import { imageColumns } from './image-fields.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');
const tag = arg('<TAG>', 'The tag');

export const update = command({
  about: 'Add a tag to an image.',
  args: { image, tag },
  columns: imageColumns,
  examples: ['tglance image-tag-update cirros tested'],
  run: async ({ args }, app) => {
    refuseEmpty('update', args);
    const { images } = await app.glance();
    const id = await images.idOf(args.image);
    await images.addTag(id, args.tag);
    return rows([await images.show(id)], imageColumns, ['ID', 'Tags']);
  },
});

export const remove = command({
  about: 'Take a tag off an image.',
  args: { image, tag: arg('<TAG>', 'The tag', 'image-tag') },
  examples: ['tglance image-tag-delete cirros tested'],
  run: async ({ args }, app) => {
    refuseEmpty('delete', args);
    const { images } = await app.glance();
    const id = await images.idOf(args.image);
    await images.removeTag(id, args.tag);
    return done(`Image ${id} has no tag '${args.tag}' any more`);
  },
});

function refuseEmpty(verb: string, args: { image: string; tag: string }): void {
  if (args.image === '' || args.tag === '') {
    throw new UsageError(`Unable to ${verb} tag. Specify image_id and tag_value`);
  }
}
