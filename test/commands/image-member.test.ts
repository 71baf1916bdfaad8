import { describe, expect } from 'vitest';
import { it as inCloud, type TestCloud } from '../support/cloud.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** A test with an image of project demo, shared with nobody yet, and the ID of project other. */
const it = inCloud.extend<{ id: string; other: string }>({
  id: async ({ cloud }, use) => use((await cloud.json<{ id: string }>('image-create --name one')).id),
  other: async ({ cloud }, use) => use(cloud.sandbox.credentials.other.projectId),
});

const statuses = async (cloud: TestCloud, word: string) =>
  (await cloud.run(`member-list ${word} -f value -c Status`)).out;

describe('member-create, member-list, member-get, member-update and member-delete', () => {
  it('share an image, take the answer and end it, printing what glance prints', async ({
    cloud,
    id,
    other,
  }) => {
    const row = (status: string) =>
      [
        `+${'-'.repeat(38)}+${'-'.repeat(34)}+${'-'.repeat(status.length + 2)}+`,
        `| Image ID                             | Member ID                        | ${'Status'.padEnd(status.length)} |`,
        `+${'-'.repeat(38)}+${'-'.repeat(34)}+${'-'.repeat(status.length + 2)}+`,
        `| ${id} | ${other} | ${status} |`,
        `+${'-'.repeat(38)}+${'-'.repeat(34)}+${'-'.repeat(status.length + 2)}+`,
        '',
      ].join('\n');
    expect((await cloud.run(`member-create ${id} ${other}`)).out).toBe(row('pending'));
    expect((await cloud.run(`member-list --image-id ${id}`)).out).toBe(row('pending'));
    const shown = await cloud.run(`member-get ${id} ${other}`);
    expect(shown.out.match(/^\| (\w+)/gm)?.map((line) => line.slice(2))).toEqual([
      'Property',
      'created_at',
      'image_id',
      'member_id',
      'schema',
      'status',
      'updated_at',
    ]);
    expect((await cloud.as('other').run(`member-update ${id} ${other} accepted`)).out).toBe(row('accepted'));
    expect(await cloud.run(`member-delete ${id} ${other}`)).toMatchObject({ out: '', err: '', code: 0 });
    expect(await statuses(cloud, id)).toBe('');
  });

  it('take the image by name on both sides, also while it is only offered', async ({ cloud, id, other }) => {
    await cloud.run(`member-create one ${other}`);
    const receiver = cloud.as('other');
    expect((await receiver.run('image-show one')).code).toBe(4);
    expect(await receiver.json(`member-get one ${other}`)).toMatchObject({ image_id: id, status: 'pending' });
    await receiver.run(`member-update one ${other} accepted`);
    expect(await statuses(cloud, 'one')).toBe('accepted\n');
  });

  it('take a project by name where Identity tells it', async ({ cloud, id, other }) => {
    const admin = cloud.as('admin');
    expect(await admin.json(`member-create ${id} other`)).toMatchObject([{ member_id: other }]);
    expect(await admin.json(`member-get ${id} other --project-domain Default`)).toMatchObject({
      member_id: other,
    });
    expect((await admin.run(`member-get ${id} other --project-domain elsewhere`)).code).toBe(4);
    // who may not list projects still knows those they have roles in
    await cloud.as('other').run(`member-update ${id} other accepted`);
    expect(await statuses(cloud, id)).toBe('accepted\n');
  });

  it('take a word that Identity does not tell for an ID', async ({ cloud, id }) => {
    expect(await cloud.json(`member-create ${id} other`)).toMatchObject([{ member_id: 'other' }]);
    expect(await cloud.as('admin').json(`member-create ${id} third`)).toMatchObject([{ member_id: 'third' }]);
  });

  it("without members print glance's header", async ({ cloud, id }) => {
    expect((await cloud.run(`member-list ${id}`)).out).toBe(
      '+----------+-----------+--------+\n| Image ID | Member ID | Status |\n+----------+-----------+--------+\n+----------+-----------+--------+\n',
    );
  });

  it.for([
    ['member-list', 2, 'Name the image'],
    ['member-list one --image-id one', 2, 'Name the image once'],
    ['member-list nobody', 4, "No image found with the name or ID 'nobody'"],
    ['member-get one', 2, "missing required argument 'MEMBER'"],
    ['member-get one nobody', 4, 'nobody not found in the member list of the image'],
    ['member-update one demo perhaps', 2, "'perhaps' is not one of accepted, rejected, pending"],
    ['member-update one nobody accepted', 4, 'nobody not found'],
    ['member-delete one nobody', 4, 'nobody not found'],
  ] as const)('P37: %s is refused, with the word at fault', async ([words, code, message], { cloud, id }) => {
    const ran = await cloud.run(words);
    expect({ out: ran.out, code: ran.code }).toEqual({ out: '', code });
    expect(ran.err.replace(uuid, (it) => (it === id ? '<id>' : it))).toContain(message);
  });

  it.for(['get', 'create', 'delete'])('P37: member-%s needs both words', async (verb, { cloud }) => {
    const { err, code } = await cloud.run([`member-${verb}`, 'one', '']);
    expect(code).toBe(2);
    expect(err).toContain(`Unable to ${verb} member. Specify image_id and member_id`);
  });

  it('P33: a member that leads elsewhere stays a member', async ({ cloud, id }) => {
    const member = '..?z#%2F&=';
    await cloud.run(['member-create', id, member]);
    expect(await cloud.json(['member-get', id, member])).toMatchObject({ member_id: member });
    expect((await cloud.run(['member-delete', id, member])).code).toBe(0);
    expect(await statuses(cloud, id)).toBe('');
  });
});
