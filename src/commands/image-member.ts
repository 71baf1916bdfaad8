import type { App } from '../define/app.ts';
import { type Argument, arg, argOf, command } from '../define/command.ts';
import { text } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Member } from '../glance/types.ts';
import { projectDomain } from './whose.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');
const project = arg('<MEMBER>', 'Name or ID of the project');
const member = arg('<MEMBER>', 'Name or ID of the project', 'member');
const options = projectDomain;

const columns: Columns<Member> = {
  'Image ID': 'image_id',
  'Member ID': 'member_id',
  Status: 'status',
  'Created at': 'created_at',
  'Updated at': 'updated_at',
};
const shown = ['Image ID', 'Member ID', 'Status'];

const optional: Argument<string | undefined> = arg('[IMAGE]', 'Name or ID of the image', 'image');

export const list = command({
  about: 'List the projects that an image is shared with, and what they said to it.',
  args: { image: optional },
  options: { image_id: text('--image-id <IMAGE>', 'The same', { complete: 'image' }) },
  columns,
  examples: ['tglance member-list cirros', 'tglance member-list --image-id cirros'],
  run: async ({ args, options }, app) => {
    if (args.image !== undefined && options.image_id !== undefined) {
      throw new UsageError('Name the image once, with or without --image-id');
    }
    const word = args.image ?? options.image_id;
    if (word === undefined) throw new UsageError('Name the image, with or without --image-id');
    const { images, members } = await app.glance();
    return rows(members.list(await images.offeredId(word)), columns, shown);
  },
});

export const show = command({
  about: 'Show what a project said to an image that is shared with it.',
  args: { image, member },
  options,
  examples: ['tglance member-get cirros demo'],
  run: async (input, app) => {
    const { members } = await app.glance();
    return record(await members.show(...(await idsOf('get', input, app))));
  },
});

export const create = command({
  about: 'Share an image with a project.',
  args: { image, member: project },
  options,
  columns,
  examples: ['tglance member-create cirros demo'],
  run: async (input, app) => {
    const { members } = await app.glance();
    return rows([await members.add(...(await idsOf('create', input, app)))], columns, shown);
  },
});

export const update = command({
  about: 'Accept or reject an image that is shared with your project.',
  args: { image, member, status: argOf('<STATUS>', 'The answer', ['accepted', 'rejected', 'pending']) },
  options,
  columns,
  examples: ['tglance member-update cirros demo accepted'],
  run: async (input, app) => {
    const { members } = await app.glance();
    const ids = await idsOf('update', input, app);
    return rows([await members.answer(...ids, input.args.status)], columns, shown);
  },
});

export const remove = command({
  about: 'Share an image with a project no longer.',
  args: { image, member },
  options,
  examples: ['tglance member-delete cirros demo'],
  run: async (input, app) => {
    const { members } = await app.glance();
    const [id, project] = await idsOf('delete', input, app);
    await members.remove(id, project);
    return done(`Image ${id} is not shared with project ${project} any more`);
  },
});

interface Named {
  readonly args: { readonly image: string; readonly member: string };
  readonly options: { readonly project_domain?: string };
}

async function idsOf(
  verb: string,
  { args, options }: Named,
  app: App,
): Promise<[image: string, project: string]> {
  if (args.image === '' || args.member === '') {
    throw new UsageError(`Unable to ${verb} member. Specify image_id and member_id`);
  }
  const [{ images }, { projectId }] = await Promise.all([app.glance(), app.keystone()]);
  return [await images.offeredId(args.image), await projectId(args.member, options.project_domain)];
}
