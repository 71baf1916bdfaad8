import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

type Image = { readonly id: string; readonly owner: string };

it('an owner may be said by the name of the project, with either word', async ({ cloud }) => {
  const { other, demo } = cloud.sandbox.credentials;
  const admin = cloud.as('admin');
  const made = await admin.json<Image>('image-create --name theirs --owner other');
  expect(made.owner).toBe(other.projectId);
  expect(await admin.json<Image>(`image-update ${made.id} --project demo`)).toMatchObject({
    owner: demo.projectId,
  });
  expect(await admin.json('image-create-via-import --name more --project demo')).toMatchObject({
    owner: demo.projectId,
  });
  const names = async (words: string) => (await admin.run(`image-list ${words} -f value -c Name`)).out;
  expect(await names('--owner demo')).toBe('more\ntheirs\n');
  expect(await names('--project other')).toBe('');
  expect(await names(`--owner ${demo.projectId}`)).toBe('more\ntheirs\n');
  expect(await names('--owner demo --project-domain Default')).toBe('more\ntheirs\n');
  expect(await names('--owner demo --project-domain elsewhere')).toBe('');
});

it('of their own project everybody may say the name', async ({ cloud }) => {
  await cloud.run('image-create --name mine');
  expect((await cloud.run('image-list --owner demo -f value -c Name')).out).toBe('mine\n');
});

it('--owner and --project are not said together', async ({ cloud }) => {
  const { err, code } = await cloud.run('image-list --owner demo --project demo');
  expect(code).toBe(2);
  expect(err).toContain('--owner and --project mean the same');
});
