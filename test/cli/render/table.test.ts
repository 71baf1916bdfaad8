import { describe, expect, it } from 'vitest';
import { record, rows } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

const table = (text: string): string => text.replace(/^\n/, '').replace(/^ +/gm, '');

const images = [
  { id: '1', name: '日本語', size: 0, tags: ['a', "it's"], protected: true },
  { id: '2', name: null, size: 1.5, tags: [], protected: false },
  { id: '3', name: 'cafe\u0301 👍' },
];
const columns = { ID: 'id', Name: 'name', Size: 'size', Tags: 'tags', Protected: 'protected' } as const;
const list = (items: readonly object[] = images) => rows(items, columns as never, Object.keys(columns));

describe('without a word about the format, in a pipe', () => {
  it('a list is what glance prints: empty values blank, nested ones in the form of Python', async () => {
    expect(await printed(list())).toBe(
      table(`
        +----+---------+------+---------------+-----------+
        | ID | Name    | Size | Tags          | Protected |
        +----+---------+------+---------------+-----------+
        | 1  | 日本語  |      | ['a', "it's"] | True      |
        | 2  |         | 1.5  |               |           |
        | 3  | cafe\u0301 👍 |      |               |           |
        +----+---------+------+---------------+-----------+
      `),
    );
  });

  it('a list of exact values shows zero and None, and leaves only what is missing blank', async () => {
    const items = [
      { Quota: 'size', Limit: 0, Usage: null },
      { Quota: 'stage', Usage: { a: [true] } },
    ];
    expect(await printed(listOf(items, { exact: true }))).toBe(
      table(`
        +-------+-------+---------------+
        | Quota | Limit | Usage         |
        +-------+-------+---------------+
        | size  | 0     | None          |
        | stage |       | {'a': [True]} |
        +-------+-------+---------------+
      `),
    );
  });

  it('a centred list has odd spaces where Python puts them, and is an ordinary one in other formats', async () => {
    const items = [
      { ID: 'abcde', State: 'cached', 'Last Accessed': 'N/A', Hits: 0 },
      { ID: 'ab', State: 'queued!', 'Last Accessed': 'yesterday', Hits: 12 },
    ];
    const names = Object.keys(items[0] ?? {});
    const columns = Object.fromEntries(names.map((name) => [name, name])) as never;
    const centred = rows(items, columns, names, { exact: true, centred: true });
    expect(await printed(centred)).toBe(
      table(`
        +-------+---------+---------------+------+
        |   ID  |  State  | Last Accessed | Hits |
        +-------+---------+---------------+------+
        | abcde |  cached |      N/A      |  0   |
        |   ab  | queued! |   yesterday   |  12  |
        +-------+---------+---------------+------+
      `),
    );
    const plain = rows(items, columns, names, { exact: true });
    expect(await printed(centred, { format: 'table' })).toBe(await printed(plain, { format: 'table' }));
  });

  it('a column with a limit is wrapped at it, in the default table only', async () => {
    const items = [{ name: 'n', description: 'two words, and a well-known third' }];
    const list = rows(items, { name: 'name', description: 'description' }, ['name', 'description'], {
      widths: new Map([['description', 20]]),
    });
    expect(await printed(list)).toBe(
      table(`
        +------+----------------------+
        | name | description          |
        +------+----------------------+
        | n    | two words, and a     |
        |      | well-known third     |
        +------+----------------------+
      `),
    );
    expect(await printed(list, { format: 'value' })).toBe('n two words, and a well-known third\n');
  });

  it('a list without items is its header', async () => {
    expect(await printed(rows([], { ID: 'id', Name: 'name' } as never, ['ID', 'Name']))).toBe(
      table(`
        +----+------+
        | ID | Name |
        +----+------+
        +----+------+
      `),
    );
  });

  it('a thing is what glance prints: sorted, lists and objects as JSON, wrapped at 80 characters', async () => {
    const image = {
      tags: ['a', 'é😀'],
      size: null,
      protected: false,
      min_disk: 0,
      Zone: 'x',
      description: 'first line\n  second',
      locations: [
        {
          url: 'file:///srv/glance/fast/c1fa4367-b807-45ae-bb8d-c9b5b07c2b5c',
          metadata: { store: 'fast' },
        },
      ],
      os_hash_value: '30'.repeat(64),
      ﬁ: 'ligature',
      '😀': 'emoji',
    };
    expect(await printed(record(image))).toBe(
      table(`
        +---------------+----------------------------------------------------------------------------------+
        | Property      | Value                                                                            |
        +---------------+----------------------------------------------------------------------------------+
        | Zone          | x                                                                                |
        | description   | first line                                                                       |
        |               |   second                                                                         |
        | locations     | [{"url": "file:///srv/glance/fast/c1fa4367-b807-45ae-bb8d-c9b5b07c2b5c",         |
        |               | "metadata": {"store": "fast"}}]                                                  |
        | min_disk      | 0                                                                                |
        | os_hash_value | 30303030303030303030303030303030303030303030303030303030303030303030303030303030 |
        |               | 303030303030303030303030303030303030303030303030                                 |
        | protected     | False                                                                            |
        | size          | None                                                                             |
        | tags          | ["a", "\\u00e9\\ud83d\\ude00"]                                                      |
        | ﬁ             | ligature                                                                         |
        | 😀            | emoji                                                                            |
        +---------------+----------------------------------------------------------------------------------+
      `),
    );
  });

  it('a narrower thing is laid out by columns and wrapped by characters, as glance does', async () => {
    const value = { text: 'A well-known goof-ball -- he said', one: '日本語日本語日本語日本語' };
    expect(await printed(record(value, { width: 20 }))).toBe(
      table(`
        +----------+----------------------+
        | Property | Value                |
        +----------+----------------------+
        | one      | 日本語日本語日本語日本語 |
        | text     | A well-known goof-   |
        |          | ball -- he said      |
        +----------+----------------------+
      `),
    );
  });

  it('P31: names cannot fake rows, repaint the terminal or turn the direction of the text', async () => {
    const name = '| x |\n+---+\r\x1b[2J\u202etxt\u200b\u0085\ud800\u2028';
    expect(await printed(listOf([{ name }, { name: 'honest' }]))).toBe(
      table(`
        +------------------------------------------------------+
        | name                                                 |
        +------------------------------------------------------+
        | | x |\\n+---+\\r\\x1b[2J\\u202etxt\\u200b\\x85\\ud800\\u2028 |
        | honest                                               |
        +------------------------------------------------------+
      `),
    );
  });

  it('P31: names of properties are made harmless like their values; only newlines stay, inside the cell', async () => {
    expect(await printed(record({ 'a\x1b[7m': 'x\ty\nz\u009b' }))).toBe(
      table(`
        +----------+-------+
        | Property | Value |
        +----------+-------+
        | a\\x1b[7m | x\\ty  |
        |          | z\\x9b |
        +----------+-------+
      `),
    );
  });

  it('P35: members named like parts of JavaScript objects are data', async () => {
    const image = JSON.parse('{"__proto__": {"a": 1}, "constructor": null, "toString": "x"}');
    expect(await printed(record(image))).toBe(
      table(`
        +-------------+----------+
        | Property    | Value    |
        +-------------+----------+
        | __proto__   | {"a": 1} |
        | constructor | None     |
        | toString    | x        |
        +-------------+----------+
      `),
    );
    expect(
      await printed(rows([image, {}], { Odd: 'constructor', To: 'toString' } as never, ['Odd', 'To'])),
    ).toBe(
      table(`
        +-----+----+
        | Odd | To |
        +-----+----+
        |     | x  |
        |     |    |
        +-----+----+
      `),
    );
  });
});

describe('asked for by name', () => {
  const mixed = [
    { ID: '1', Size: 20, Tags: ['b', 'a'], Protected: true },
    { ID: '2', Size: null, Tags: [], Protected: false },
    { ID: '3', Size: 1000, Tags: { b: '2', a: null }, Protected: null },
  ];

  it('a list is what OpenStackClient prints: numbers to the right, lists and objects in words', async () => {
    expect(await printed(listOf(mixed), { format: 'table' })).toBe(
      table(`
        +----+------+-----------+-----------+
        | ID | Size | Tags      | Protected |
        +----+------+-----------+-----------+
        | 1  |   20 | a, b      | True      |
        | 2  | None |           | False     |
        | 3  | 1000 | a=, b='2' | None      |
        +----+------+-----------+-----------+
      `),
    );
  });

  it('a thing is what OpenStackClient prints', async () => {
    const value = {
      tags: ['b', 'a'],
      props: { n: { m: 1 }, k: 'v' },
      owner: 'line\r\ntwo\rthree',
      name: 'x',
    };
    expect(await printed(record(value), { format: 'table' })).toBe(
      table(`
        +-------+----------------+
        | Field | Value          |
        +-------+----------------+
        | name  | x              |
        | owner | line           |
        |       | two three      |
        | props | k='v', n.m='1' |
        | tags  | a, b           |
        +-------+----------------+
      `),
    );
  });

  it('an empty list is an empty line, or with --print-empty its header', async () => {
    const empty = rows([], { ID: 'id' } as never, ['ID']);
    expect(await printed(empty, { format: 'table' })).toBe('\n');
    expect(await printed(empty, { format: 'table', printEmpty: true })).toBe(
      table(`
        +----+
        | ID |
        +----+
        +----+
      `),
    );
  });
});

describe('the width', () => {
  const long = [
    { ID: 'c1fa4367-b807-45ae-bb8d-c9b5b07c2b5c', Name: 'a name of many words in it', Status: 'active' },
  ];
  const fitted = table(`
    +------------------------+------------------------+--------+
    | ID                     | Name                   | Status |
    +------------------------+------------------------+--------+
    | c1fa4367-b807-45ae-    | a name of many words   | active |
    | bb8d-c9b5b07c2b5c      | in it                  |        |
    +------------------------+------------------------+--------+
  `);

  it.each([{}, { format: 'table' }] as const)(
    '--max-width shares it among the wide columns (%o)',
    async (format) => {
      expect(await printed(listOf(long), { ...format, maxWidth: 60 })).toBe(fitted);
    },
  );

  it('a table asked for by name fits a terminal by itself, and nothing is cut off where there is none', async () => {
    expect(await printed(listOf(long), { format: 'table' }, 60)).toBe(fitted);
    expect(await printed(listOf(long), { format: 'table', fitWidth: true })).toContain(`| ${long[0]?.ID} |`);
  });
});

it('of a thousand rows, those with wide characters stand in the same columns as the others', async () => {
  const items = Array.from({ length: 1200 }, (_, n) => ({
    ID: `${n}`,
    Name: n % 250 === 3 ? '日本' : `name-${n}`,
  }));
  const lines = (await printed(listOf(items))).trimEnd().split('\n').slice(3, -1);
  expect(lines).toEqual(
    items.map(
      ({ ID, Name }) => `| ${ID.padEnd(4)} | ${Name}${' '.repeat(9 - (Name === '日本' ? 4 : Name.length))} |`,
    ),
  );
});
