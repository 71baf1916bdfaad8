import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demo } from './support/people.ts';
import { start, tglanceCommand } from './support/program.ts';
import { look, make } from './support/witness.ts';

const odd = {
  name: 'two "words", an escape \u001b[31m and\na line\t日本 ☕',
  'with space': 'a, b',
  dollar: '$HOME `id` \\ "quoted" \'single\'',
  bidi: '\u202eesrever',
};

describe('-f', () => {
  it('json and yaml give the records as the API does, complete and typed', async ({
    onTestFinished: later,
  }) => {
    const { id } = await make(demo, later, { ...odd, tags: ['b', 'a'], min_ram: 64 }, Buffer.from('data'));
    const record = await look(demo, id);
    expect(JSON.parse(await demo.says(`image-show ${id} -f json`))).toEqual(record);
    expect(parse(await demo.says(`image-show ${id} -f yaml`))).toEqual(record);
    const list = ['image-list', '--property-filter', `id=${id}`, '-f'];
    expect(JSON.parse(await demo.says([...list, 'json']))).toEqual([record]);
    expect(parse(await demo.says([...list, 'yaml']))).toEqual([record]);
    expect(JSON.parse(await demo.says([...list, 'json', '--noindent']))).toEqual([record]);
  });

  it('json keeps its characters, and gives numbers and booleans to other programs', async ({
    onTestFinished: later,
  }) => {
    const { id } = await make(demo, later, { name: '日本 ☕' }, Buffer.from('data'));
    const out = await demo.says(`image-list --property-filter id=${id} -f json`);
    expect(out).toContain('"日本 ☕"');
    const script =
      '"$@" | node -e \'const [{ size, protected: p }] = JSON.parse(fs.readFileSync(0)); console.log(size + 1, !p)\'';
    const list = ['image-list', '--property-filter', `id=${id}`, '-f', 'json'];
    const piped = await start(['bash', '-c', script, 'bash', ...tglanceCommand, ...list], { env: demo.env })
      .ended;
    expect(piped).toMatchObject({ code: 0, out: '5 true\n' });
  });

  it.for(['json', 'yaml', 'table', 'csv', 'value', 'shell', ''])(
    'P31: %s lets no character through that a terminal would act on',
    async (format, { onTestFinished: later }) => {
      const { id } = await make(demo, later, odd);
      const words = format === '' ? [] : ['-f', format];
      const harm = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;
      expect(await demo.says(['image-show', id, ...words])).not.toMatch(harm);
      if (format === 'shell') return;
      const list = await demo.says(['image-list', '--property-filter', `id=${id}`, ...words]);
      expect(list).not.toMatch(harm);
    },
  );

  it('shell gives a script the very values', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, odd);
    const script = `set -e; eval "$("$@")"; printf '%s\\0' "$my_id" "$my_name" "$my_with_space" "$my_dollar" "$my_bidi"`;
    const show = ['image-show', id, '-f', 'shell', '--prefix', 'my_'];
    const { out } = await start(['bash', '-c', script, 'bash', ...tglanceCommand, ...show], { env: demo.env })
      .ended;
    expect(out.split('\0')).toEqual([id, ...Object.values(odd), '']);
  });

  it('value and csv give bare values, and -c chooses among them', async ({ onTestFinished: later }) => {
    const name = `plain ${randomUUID()}`;
    const { id } = await make(demo, later, { name, min_ram: 64 });
    const list = ['image-list', '--property-filter', `id=${id}`];
    expect(await demo.says([...list, '-f', 'value'])).toBe(`${id} ${name}\n`);
    expect(await demo.says([...list, '-f', 'csv'])).toBe(`"ID","Name"\n"${id}","${name}"\n`);
    expect(await demo.says([...list, '-f', 'csv', '-c', 'min ram', '-c', 'NAME'])).toBe(
      `"Name","Min_ram"\n"${name}",64\n`,
    );
    expect(JSON.parse(await demo.says([...list, '-f', 'json', '-c', 'Name']))).toEqual([{ Name: name }]);
    expect(await demo.says(`image-show ${id} -f value -c min_ram -c protected`)).toBe('64\nFalse\n');
    expect(JSON.parse(await demo.says(`image-show ${id} -f json -c min_ram`))).toEqual({ min_ram: 64 });
  });

  it('sorts and narrows a table as it is told', async ({ onTestFinished: later }) => {
    const tag = randomUUID();
    for (const name of ['b', 'c', 'a']) await make(demo, later, { name, tags: [tag] });
    const list = `image-list --tag ${tag} -f value -c Name`;
    expect(await demo.says(`${list} --sort-column Name --sort-descending`)).toBe('c\nb\na\n');
    const lines = (await demo.says(`image-list --tag ${tag} -f table --max-width 30`)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(await demo.says('image-list --tag nobody -f json')).toBe('[]\n');
    expect(await demo.says('image-list --tag nobody -f table')).toBe('\n');
    expect(await demo.says('image-list --tag nobody -f table --print-empty')).toContain('| ID | Name |');
  });

  it('refuses a column that is not there, and names those that are', async () => {
    const { code, out, err } = await demo.tglance('image-list -f value -c bogus');
    expect(out).toBe('');
    expect(code).toBeGreaterThan(0);
    expect(err).toContain('bogus');
    expect(err).toContain('Status');
  });
});
