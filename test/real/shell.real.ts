import { describe, expect, it } from 'vitest';
import { hasGlance } from './support/beside.ts';
import { admin, demo, type Person } from './support/people.ts';
import { type Later, make } from './support/witness.ts';

describe.runIf(hasGlance)('bash-completion (beside glance, where that is installed)', () => {
  // an option that glance makes of a field that cannot be set
  const meaningless = ['--self'];

  it('names every command and option that glance names', async () => {
    const ours = (await demo.says('bash-completion')).trimEnd().split(' ');
    const theirs = (await demo.glance('bash-completion')).out.trimEnd().split(' ');
    expect(theirs.filter((word) => !ours.includes(word))).toEqual(meaningless);
  });
});

describe('what a shell asks for at TAB', () => {
  /** Asked anew each time: nothing can be kept there. */
  const env = { XDG_CACHE_HOME: '/dev/null' };
  const choices = async (line: string, who: Person = demo) =>
    (await who.says(line, { env })).split('\n').map((it) => it.split('\t')[0]);

  it('is what the cloud has', async ({ onTestFinished }) => {
    const later: Later = (act) => void onTestFinished(act);
    const { id } = await make(demo, later, { name: 'größe von TAB', tags: ['tested'] });
    expect(await choices('__complete image größe')).toContain('größe von TAB');
    expect(await choices(`__complete image ${id.slice(0, 18)}`)).toContain(id);
    expect(await choices(`__complete image-tag te ${id}`)).toContain('tested');
    expect(await choices('__complete store f')).toContain('fast');
    expect(await choices('__complete import-method web')).toContain('web-download');
    later(async () => void (await admin.tglance('md-namespace-delete Tab::Rack')));
    await admin.says('md-namespace-create Tab::Rack --visibility public');
    await admin.says('md-property-create Tab::Rack --name width --title Width --type integer --schema {}');
    expect(await choices('__complete namespace Tab::')).toContain('Tab::Rack');
    expect(await choices('__complete property w Tab::Rack')).toContain('width');
    expect(await choices('__complete task x', admin)).toEqual(['']);
  });
});
