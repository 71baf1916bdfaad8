import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { both, fill, hasGlance } from './support/beside.ts';
import { ipxe } from './support/disks.ts';
import { servePages } from './support/pages.ts';
import { admin, demo } from './support/people.ts';
import { alike, type Scene } from './support/twins.ts';
import { type Image, type Later, look, make, named, newId } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

const formats = { disk_format: 'raw', container_format: 'bare' };
const bytes = 'twelve bytes';
const words = new Map<string, string>();

beforeAll(async () => {
  words.set('web', await servePages({ '/disk': bytes }, later));
  words.set('ipxe', ipxe);
  words.set('queued', (await make(demo, later, formats)).id);
  words.set('bare', (await make(demo, later)).id);
  words.set('active', (await make(demo, later, formats, Buffer.from(bytes))).id);
});

/** Runs a line that names a new image by {new} and gives the image that came of it. */
async function imported(
  line: string,
  who = demo,
): Promise<{ image: Image | undefined; code: number | null }> {
  const id = newId(who, later);
  const { code } = await who.tglance(fill(line, new Map([...words, ['new', id]])), { input: 'closed' });
  return { image: await look(who, id), code };
}

describe('image-create-via-import', () => {
  const create = 'image-create-via-import --id {new} --disk-format raw --container-format bare';

  it('stages a file and comes back when the image is complete', async () => {
    const { image, code } = await imported(`${create} --file {ipxe} --wait`);
    expect(code).toBe(0);
    expect(image).toMatchObject({ status: 'active' });
  });

  it('puts what the cloud fetched into several stores', async () => {
    const line = `${create} --import-method web-download --uri {web}/disk --stores fast,cheap --wait`;
    const { image, code } = await imported(line);
    expect(code).toBe(0);
    expect(String(image?.stores).split(',').sort()).toEqual(['cheap', 'fast']);
  });

  it("ends with the service's reason, and without a record, when there is nothing to fetch", async () => {
    const { image, code } = await imported(`${create} --import-method web-download --uri {web}/nope --wait`);
    expect(code).not.toBe(0);
    expect(image).toBeUndefined();
  });
});

describe('image-stage and image-import', () => {
  it('bring the data in by two steps', async () => {
    const { id } = await make(demo, later, formats);
    expect(await demo.says(`image-stage ${id} --file ${ipxe}`)).toBe('');
    expect(await look(demo, id)).toMatchObject({ status: 'uploading' });
    expect((await demo.tglance(`image-import ${id} --wait`)).code).toBe(0);
    expect(await look(demo, id)).toMatchObject({ status: 'active' });
  });

  it('copy an image into another store', async () => {
    const { id } = await make(admin, later, formats, Buffer.from(bytes));
    const line = `image-import ${id} --import-method copy-image --stores cheap --wait`;
    expect((await admin.tglance(line)).code).toBe(0);
    expect(
      String((await look(admin, id))?.stores)
        .split(',')
        .sort(),
    ).toEqual(['cheap', 'fast']);
  });
});

it('version 1 words give an image its data by address', async () => {
  const create = 'image-create --id {new} --disk-format raw --container-format bare';
  expect((await imported(`${create} --copy-from {web}/disk`)).image).toMatchObject({
    status: 'active',
    size: 12,
  });
  expect((await imported(`${create} --location {web}/disk`)).image).toMatchObject({ status: 'active' });
});

describe.skipIf(!hasGlance)('beside glance', () => {
  const scene: Scene = async () => new Map([...words, ['queued', (await make(demo, later, formats)).id]]);

  const begun: Scene = async () => {
    const staged = await make(admin, later, formats);
    await admin.says(`image-stage ${staged.id} --file ${ipxe}`);
    const active = await make(admin, later, formats, Buffer.from(bytes));
    const ids = { staged: staged.id, active: active.id, queued: (await make(admin, later, formats)).id };
    return new Map([...words, ...Object.entries({ ...ids, new: newId(admin, later) })]);
  };

  /** What the import itself changes, sooner or later than the record is printed. */
  const racing =
    /^(os_glance_.*|status|stores|size|virtual_size|checksum|os_hash_.*|locations|direct_url|updated_at)$/;

  /** The rows of a table that stay, as names and values. */
  const settled = (out: string): string[][] => {
    const rows = out.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
    let name = '';
    return rows
      .filter((cells) => cells.length === 4)
      .map(([, first = '', value = '']) => {
        name = first || name;
        return [name, value];
      })
      .filter(([first = '']) => !racing.test(first));
  };

  it('image-stage does the same', async () => {
    const { ours, theirs } = await alike(demo, scene, 'image-stage {queued} --file {ipxe}');
    expect(theirs).toMatchObject({ code: 0, out: '' });
    expect(ours).toEqual(theirs);
  });

  it.each([
    'image-import {staged}',
    'image-import {active} --import-method copy-image --stores cheap',
    'image-import {queued} --import-method web-download --uri {web}/disk',
    'image-create-via-import --id {new} --name n --disk-format raw --container-format bare --file {ipxe}',
  ])('prints the same rows, but for those that change while they are printed, for %s', async (line) => {
    const { ours, theirs } = await alike(admin, begun, line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toMatchObject({ code: 0 });
    expect(settled(ours.out)).toEqual(settled(theirs.out));
    expect(settled(theirs.out).length).toBeGreaterThan(8);
  });

  it('image-create-via-import without data makes, and prints, the same', async () => {
    const empty: Scene = async () => new Map([['new', newId(demo, later)]]);
    const line =
      'image-create-via-import --id {new} --name name --tags a b --min-disk 3 --visibility private';
    const { ours, theirs } = await alike(demo, empty, line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toEqual(theirs);
  });

  it.each([
    'image-stage {active} --file {ipxe}',
    'image-stage {queued} --file /nowhere',
    'image-import {queued}',
    'image-import {bare}',
    'image-import {queued} --import-method web-download',
    'image-import {queued} --import-method nonsense',
    'image-import {queued} --uri {web}/disk',
    'image-import {active} --import-method copy-image',
    'image-import {queued} --import-method copy-image --all-stores true',
    'image-import {queued} --import-method web-download --uri {web}/disk --stores fast,nowhere',
    'image-import {queued} --store fast --stores cheap',
    'image-create-via-import --name refused --import-method copy-image',
    'image-create-via-import --name refused --import-method web-download',
    'image-create-via-import --name refused --import-method glance-direct',
    'image-create-via-import --name refused --uri {web}/disk',
    'image-create-via-import --name refused --import-method web-download --uri {web}/disk --file {ipxe}',
  ])('P37: refuses with a word, as glance does, %s', async (line) => {
    const { ours, theirs } = await both(demo, fill(line, words), { input: 'closed' });
    expect(theirs.code).toBeGreaterThan(0);
    expect(ours.code).toBeGreaterThan(0);
    expect(ours).toMatchObject({ out: '' });
    expect(ours.err).not.toBe('');
  });

  it('and nothing was made by what was refused', async () => {
    expect(await named(demo, 'refused')).toEqual([]);
  });
});
