import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { demo, other } from './support/people.ts';
import { look, make, newId } from './support/witness.ts';

describe('image-show', () => {
  it('takes an ID before a name', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, { name: `first ${randomUUID()}` });
    const impostor = await make(demo, later, { name: id });
    expect(await demo.says(['image-show', id, '-f', 'value', '-c', 'id'])).toBe(`${id}\n`);
    expect(impostor).toMatchObject({ name: id });
  });

  it('lists the images that share a name rather than choosing one', async ({ onTestFinished: later }) => {
    const name = `twins ${randomUUID()}`;
    const twins = [await make(demo, later, { name }), await make(demo, later, { name })];
    const { code, out, err } = await demo.tglance(['image-show', name]);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    for (const { id } of twins) expect(err).toContain(id);
  });

  it('does not see what belongs to others', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, { visibility: 'private' });
    const { code, out, err } = await other.tglance(['image-show', id]);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain(id);
  });

  it.for([
    [11, '11B'],
    [1_572_864, '1.5MB'],
    [2048, '2kB'],
  ] as const)('says %i bytes as %s to people', async ([size, text], { onTestFinished: later }) => {
    const { id } = await make(demo, later, {}, Buffer.alloc(size));
    expect(await demo.says(`image-show ${id} --human-readable`)).toMatch(
      new RegExp(`^\\| size +\\| ${text} +\\|$`, 'm'),
    );
  });

  it('keeps its columns as narrow as it is told', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, { note: 'long-words '.repeat(30) });
    const lines = (await demo.says(`image-show ${id} --max-column-width 20`)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(2 * 20 + 7);
  });

  it.for([
    '日本語のイメージ',
    'Größe Ünïcode',
    'e\u0301 combined',
    '한국어',
    '☕ hot',
    'zero\u200bwidth',
    'שלום',
  ])('finds, lists and shows an image named %s', async (word, { onTestFinished: later }) => {
    const name = `${word} ${randomUUID()}`;
    const id = newId(demo, later);
    await demo.says(['image-create', '--id', id, '--name', name, '--property', `word=${word}`]);
    expect(await look(demo, id)).toMatchObject({ name, word });
    expect(JSON.parse(await demo.says(['image-show', name, '-f', 'json']))).toMatchObject({ id, name, word });
    const list = ['image-list', '--property-filter', `name=${name}`, '-f', 'json'];
    expect(JSON.parse(await demo.says(list))).toMatchObject([{ id, name }]);
  });
});
