import { describe, expect, it } from 'vitest';
import { record, rows } from '../../../src/define/view.ts';
import { UsageError } from '../../../src/errors.ts';
import { printed } from './printed.ts';

const images = [
  { id: '1', name: 'b', size: 10, min_disk: 3, os_distro: 'debian' },
  { id: '2', name: 'a', size: null, min_disk: 1 },
  { id: '3', name: '😀', size: 9, min_disk: 1 },
  { id: '4', name: '\uff00', size: 100, min_disk: 2 },
];
async function* arriving(): AsyncGenerator<object[]> {
  yield images.slice(0, 1);
  yield images.slice(1);
}
const columns = { ID: 'id', Name: 'name', Size: 'size', 'Min Disk': 'min_disk' } as const;
const list = () => rows(arriving(), columns as never, ['ID', 'Name']);
const image = record(
  { id: '1', self: '/v2/images/1', virtual_size: null },
  { shown: { id: '1', virtual_size: 'Not available' } },
);

describe('-c', () => {
  it.each([
    [['size'], '10\nNone\n9\n100\n'],
    [['min_disk', 'ID'], '1 3\n2 1\n3 1\n4 2\n'],
    [['MIN DISK', 'bogus'], '3\n1\n1\n2\n'],
    [['OS_Distro', 'id'], '1 debian\n2 \n3 \n4 \n'],
  ])('%o are columns in the order of the command, then fields of the items', async (column, expected) => {
    expect(await printed(list(), { format: 'value', column })).toBe(expected);
  });

  it('takes every field of a thing, also one that is not shown', async () => {
    expect(await printed(image, { format: 'value', column: ['SELF', 'virtual size'] })).toBe(
      '/v2/images/1\nNot available\n',
    );
  });

  it('gives JSON the headers of a list and the fields of a thing as keys, with the values of the API', async () => {
    expect(JSON.parse(await printed(list(), { format: 'json', column: ['size', 'os_distro'] }))).toEqual([
      { Size: 10, os_distro: 'debian' },
      { Size: null, os_distro: null },
      { Size: 9, os_distro: null },
      { Size: 100, os_distro: null },
    ]);
    expect(await printed(image, { format: 'json', noindent: true, column: ['virtual_size'] })).toBe(
      '{"virtual_size":null}\n',
    );
  });

  it.each([
    [
      list(),
      "No recognized column names in ['bogus']. Recognized columns are ('ID', 'Name', 'Size', 'Min Disk').",
    ],
    [record({ id: '1' }), "No recognized column names in ['bogus']. Recognized columns are ('id',)."],
  ])('P37: a name that fits nothing is refused with those there are', async (view, message) => {
    await expect(printed(view, { column: ['bogus'] })).rejects.toThrow(new UsageError(message));
  });
});

describe('--sort-column', () => {
  it.each([
    [{ sortColumn: ['size'] }, ['3', '1', '4', '2']],
    [{ sortColumn: ['size'], sortDescending: true }, ['2', '4', '1', '3']],
    [{ sortColumn: ['Name'] }, ['2', '1', '4', '3']],
    [{ sortColumn: ['Min Disk', 'Name'] }, ['2', '3', '4', '1']],
    [{ sortColumn: ['min_disk'] }, ['2', '3', '4', '1']],
    [{ sortColumn: ['min_disk'], sortDescending: true }, ['1', '4', '2', '3']],
    [{ sortColumn: ['os_distro'] }, ['1', '2', '3', '4']],
    [{ sortColumn: ['bogus'] }, ['1', '2', '3', '4']],
  ])('%o: numbers by size, strings by code point, what is missing last', async (choice, expected) => {
    expect(await printed(list(), { ...choice, format: 'value', column: ['id'] })).toBe(
      `${expected.join('\n')}\n`,
    );
    const objects = JSON.parse(await printed(list(), { ...choice, format: 'json' }));
    expect(objects.map(({ id }: { id: string }) => id)).toEqual(expected);
  });

  it('P37: both directions at once are refused', async () => {
    await expect(printed(list(), { sortAscending: true, sortDescending: true })).rejects.toThrow(
      /--sort-ascending.*--sort-descending/,
    );
  });
});
