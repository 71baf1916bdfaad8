import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

it('stores-info shows the stores as glance does', async ({ cloud }) => {
  const { out, code } = await cloud.run('stores-info');
  expect(code).toBe(0);
  expect(out).toMatch(/^\+-+\+-+\+\n\| Property \| Value +\|\n/);
  expect(out).toContain('[{"id": "fast"');
});

it('stores-info --detail is for administrators', async ({ cloud }) => {
  expect((await cloud.run('stores-info --detail')).code).toBe(3);
  expect((await cloud.as('admin').run('stores-info --detail')).code).toBe(0);
});

it('import-info shows the methods', async ({ cloud }) => {
  expect((await cloud.run('import-info')).out).toContain('web-download');
});

it('usage has a row for each quota, zeros included', async ({ cloud }) => {
  const { out, code } = await cloud.run('usage');
  expect(code).toBe(0);
  expect(out).toMatch(/\| Quota +\| Limit +\| Usage \|/);
});

it('explain describes a model, and names one that does not exist', async ({ cloud }) => {
  expect((await cloud.run('explain image')).out).toMatch(/\| Attribute +\| Description +\|/);
  const { err, code } = await cloud.run('explain nonsense');
  expect({ err, code }).toEqual({ err: "Unable to find requested model 'nonsense'\n", code: 4 });
  expect((await cloud.run('explain imgae')).err).toContain('(Did you mean image');
});
