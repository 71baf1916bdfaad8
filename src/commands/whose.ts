import type { App } from '../define/app.ts';
import { beyond, text, type Values } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** Tells apart projects of the same name, wherever one is named. */
export const projectDomain = beyond({
  project_domain: text('--project-domain <DOMAIN>', 'Domain of the project, by name or ID'),
});

/** OpenStackClient's words beside glance's `--owner`. */
export const ownerOptions = {
  ...beyond({ project: text('--project <PROJECT>', 'The same as --owner') }),
  ...projectDomain,
};

/** The owner that the options name, as an ID. */
export async function ownerOf(
  app: App,
  { owner, project, project_domain }: Values<typeof ownerOptions> & { owner?: string },
): Promise<{ owner?: string }> {
  if (owner !== undefined && project !== undefined) {
    throw new UsageError('--owner and --project mean the same: give one of them');
  }
  const word = owner ?? project;
  if (word === undefined) return {};
  const { projectId } = await app.keystone();
  return { owner: word === '' ? word : await projectId(word, project_domain) };
}
