import { describe, expect, it } from 'vitest';
import { imageList, inCloud, openstack, whoami } from './support/logins.ts';

describe('what one works on', () => {
  it('is what another user entrusted, in their name', async () => {
    const env = inCloud('trust');
    const [who, theirs, images] = await Promise.all([whoami(env), openstack(env), imageList(env)]);
    expect(who).toMatchObject({ user: 'demo', project: 'demo', roles: ['member', 'reader'], ...theirs });
    expect(images).toMatchObject({ code: 0, err: '' });
  });

  it('is a domain', async () => {
    const env = inCloud('domain');
    const [who, theirs] = await Promise.all([whoami(env), openstack(env)]);
    expect(who).toMatchObject({ user: 'admin', domain: 'Default', ...theirs });
    expect(who.roles).toContain('admin');
    expect(who).not.toHaveProperty('project');
  });

  it('is the system', async () => {
    const env = inCloud('system');
    const [who, theirs] = await Promise.all([whoami(env), openstack(env)]);
    expect(who).toMatchObject({ user: 'admin', ...theirs });
    expect(who.roles).toContain('admin');
    expect(who).not.toHaveProperty('project');
  });

  it('is nothing, when one asks for that', async () => {
    const [who, theirs] = await Promise.all([
      whoami(inCloud('unscoped'), ['--os-unscoped']),
      openstack(inCloud('unscoped')),
    ]);
    expect(who).toMatchObject({ user: 'roamer', roles: [], ...theirs });
    expect(who).not.toHaveProperty('project');
  });

  it('is what a flag says, whatever the cloud says', async () => {
    const who = await whoami(inCloud('admin'), ['--os-system-scope=all']);
    expect(who).toMatchObject({ user: 'admin', system: 'all' });
    expect(who).not.toHaveProperty('project');
  });

  it('is one thing at a time', async () => {
    const ran = await imageList(inCloud('admin'), ['--os-system-scope=all', '--os-domain-name=Default']);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('system_scope') });
  });
});
