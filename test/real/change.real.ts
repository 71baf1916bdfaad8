import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { admin, demo, other } from './support/people.ts';
import { look, make } from './support/witness.ts';

describe('image-update', () => {
  it('changes fields, sets and removes properties, and prints the result', async ({
    onTestFinished: later,
  }) => {
    const { id } = await make(demo, later, {
      name: 'before',
      os_distro: 'arch',
      mine: '1',
      yours: '2',
      tags: ['kept'],
    });
    const words =
      '--name after --min-ram 64 --property mine=3 --property new=4 --remove-property yours --protected true';
    const printed = JSON.parse(await demo.says(`image-update ${id} ${words} -f json`));
    const image = await look(demo, id);
    expect(image).not.toHaveProperty('yours');
    expect(image).toMatchObject({
      name: 'after',
      min_ram: 64,
      mine: '3',
      new: '4',
      os_distro: 'arch',
      protected: true,
    });
    expect(image).toMatchObject({ tags: ['kept'] });
    expect(printed).toEqual(image);
  });

  it('finds the image by its name', async ({ onTestFinished: later }) => {
    const { id, name } = await make(demo, later, { name: `by name ${randomUUID()}` });
    await demo.says(['image-update', String(name), '--property', 'found=yes']);
    expect(await look(demo, id)).toMatchObject({ found: 'yes' });
  });

  it('tells of a property that was not there to remove, and changes the rest', async ({
    onTestFinished: later,
  }) => {
    const { id } = await make(demo, later);
    const { code, err } = await demo.tglance(`image-update ${id} --remove-property absent --min-disk 2`);
    expect(code).toBe(0);
    expect(err).toContain("no property 'absent'");
    expect(await look(demo, id)).toMatchObject({ min_disk: 2 });
  });

  it("passes on the cloud's refusal", async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, { visibility: 'community' });
    const theirs = await other.tglance(`image-update ${id} --name mine`);
    expect(theirs).toMatchObject({ code: 3, out: '' });
    const readOnly = await demo.tglance(`image-update ${id} --property status=active`);
    expect(readOnly).toMatchObject({ out: '', err: expect.stringContaining("'status' is read-only") });
    expect(await look(demo, id)).toMatchObject({ name: null, status: 'queued' });
  });

  it('understands the words of version 1', async ({ onTestFinished: later }) => {
    const { id } = await make(admin, later, { visibility: 'private' });
    expect(await admin.tglance(`image-update ${id} --is-public false`)).toMatchObject({ code: 0 });
    expect(await look(admin, id)).toMatchObject({ visibility: 'shared' });
  });
});

describe('image-delete', () => {
  it('deletes the images it can, and names those it cannot', async ({ onTestFinished: later }) => {
    const [one, two, kept] = [
      await make(demo, later),
      await make(demo, later, { name: `two ${randomUUID()}` }),
      await make(demo, later, { protected: true }),
    ];
    const nobody = randomUUID();
    const { code, out, err } = await demo.tglance([
      'image-delete',
      one.id,
      nobody,
      kept.id,
      String(two.name),
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`No image with an ID of '${nobody}' exists.`);
    expect(err).toContain(`You are not permitted to delete the image '${kept.id}'`);
    const left = await Promise.all([one, two, kept].map(({ id }) => look(demo, id)));
    expect(left.map((image) => image?.id)).toEqual([undefined, undefined, kept.id]);
  });

  it('P33: does not let an ID lead to another image', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later);
    const { code } = await demo.tglance(`image-delete nowhere/../${id}`);
    expect(code).toBeGreaterThan(0);
    expect(await look(demo, id)).toMatchObject({ id });
  });
});

describe('image-deactivate and image-reactivate', () => {
  it('take an image out of use and back', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, {}, Buffer.from('data'));
    expect(await demo.says(`image-deactivate ${id}`)).toBe('');
    expect(await look(demo, id)).toMatchObject({ status: 'deactivated' });
    expect(await demo.tglance(`image-download ${id}`)).toMatchObject({ code: 3, out: '' });
    expect(await demo.says(`image-reactivate ${id}`)).toBe('');
    expect(await demo.says(`image-download ${id}`)).toBe('data');
  });
});

describe('image-tag-update and image-tag-delete', () => {
  it('add and take off a tag, whatever a URL makes of its characters', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later);
    for (const tag of ['plain', 'with space', '100%?#&+;=']) {
      const printed = JSON.parse(await demo.says(['image-tag-update', id, tag, '-f', 'json']));
      expect(printed).toMatchObject([{ id, tags: [tag] }]);
      expect(await look(demo, id)).toMatchObject({ tags: [tag] });
      expect(await demo.says(['image-tag-delete', id, tag])).toBe('');
      expect(await look(demo, id)).toMatchObject({ tags: [] });
    }
  });

  it('say that there is no such tag', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later);
    expect(await demo.tglance(`image-tag-delete ${id} absent`)).toMatchObject({ code: 4, out: '' });
  });
});
