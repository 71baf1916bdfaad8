import { mkdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';

describe('whoami', () => {
  it('tells who, on what, as what and until when', async ({ cloud }) => {
    const { userId, projectId } = cloud.sandbox.credentials.demo;
    expect(await cloud.json('whoami')).toEqual({
      cloud: null,
      auth_url: cloud.env.OS_AUTH_URL,
      user: 'demo',
      user_id: userId,
      user_domain: 'Default',
      project: 'demo',
      project_id: projectId,
      project_domain: 'Default',
      roles: expect.arrayContaining(['member', 'reader']),
      methods: ['password'],
      expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    });
  });

  it('works on the sandbox that is built in', async ({ folder, cloud }) => {
    const { out } = await cloud.run('--os-cloud sandbox whoami -f value -c user -c project', {
      env: { XDG_DATA_HOME: folder },
    });
    expect(out).toBe('admin\nadmin\n');
  });
});

describe('token-issue', () => {
  it('gives a token that other programs can use', async ({ cloud }) => {
    const { id, project_id, user_id } = await cloud.json('token-issue');
    const { userId, projectId } = cloud.sandbox.credentials.demo;
    expect([project_id, user_id]).toEqual([projectId, userId]);
    const url = `${new URL(cloud.env.OS_AUTH_URL ?? '').origin}/image/v2/images`;
    const answer = await fetch(url, { headers: { 'x-auth-token': String(id) } });
    expect(answer.status).toBe(200);
  });
});

describe('token-revoke', () => {
  it('ends the life of the kept token and forgets it', async ({ cloud, path }) => {
    const home = path('home');
    mkdirSync(home);
    const { id } = await cloud.json('token-issue', { home });
    expect(await cloud.json('token-issue', { home })).toMatchObject({ id });
    expect(await cloud.run('token-revoke', { home })).toMatchObject({ code: 0, out: '', err: '' });
    const after = await cloud.json('token-issue', { home });
    expect(after.id).not.toBe(id);
    const url = `${new URL(cloud.env.OS_AUTH_URL ?? '').origin}/image/v2/images`;
    expect((await fetch(url, { headers: { 'x-auth-token': String(id) } })).status).toBe(401);
  });

  it('asks nobody when none is kept', async ({ cloud }) => {
    const env = { OS_AUTH_URL: 'http://127.0.0.1:1/v3' };
    expect(await cloud.run('token-revoke', { env, terminal: 80 })).toMatchObject({
      code: 0,
      err: 'No token of this login is kept\n',
    });
  });

  it('ends the life of one that is given', async ({ cloud }) => {
    const { id } = await cloud.json('token-issue');
    expect(await cloud.run(['token-revoke', String(id)])).toMatchObject({ code: 0 });
    const { err, code } = await cloud.run('token-revoke nonsense');
    expect(code).toBe(4);
    expect(err).not.toContain('nonsense');
  });
});

describe('catalog-list', () => {
  it('lists endpoints, one a line', async ({ cloud }) => {
    const { out } = await cloud.run('catalog-list -f value');
    const origin = new URL(cloud.env.OS_AUTH_URL ?? '').origin;
    expect(out).toContain(`image glance RegionOne public ${origin}/image\n`);
    expect(out).toContain(`identity keystone RegionOne public ${origin}/v3\n`);
  });
});
