import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { drop, look, named, newId } from './support/witness.ts';

describe('image-create', () => {
  it('makes a record with every field, property and tag of its command line', async ({
    onTestFinished: later,
  }) => {
    const id = newId(demo, later);
    await demo.says([
      ...[
        'image-create',
        '--id',
        id,
        '--name',
        'all of it',
        '--disk-format',
        'qcow2',
        '--container-format',
        'bare',
      ],
      ...['--min-disk', '3', '--min-ram', '512', '--visibility', 'community', '--protected', 'yes'],
      ...['--os-distro', 'debian', '--os-version', '12', '--architecture', 'x86_64', '--hidden', 'true'],
      ...['--property', 'hw_disk_bus=scsi', '--property', 'note=a=b c', '--tags', 'one', 'größe €'],
    ]);
    const image = await look(demo, id);
    expect(image).toMatchObject({
      ...{ name: 'all of it', status: 'queued', disk_format: 'qcow2', container_format: 'bare' },
      ...{ min_disk: 3, min_ram: 512, visibility: 'community', protected: true, os_hidden: true },
      ...{ os_distro: 'debian', os_version: '12', architecture: 'x86_64' },
      ...{ hw_disk_bus: 'scsi', note: 'a=b c' },
    });
    expect(new Set(image?.tags as string[])).toEqual(new Set(['one', 'größe €']));
  });

  it('prints the record that the cloud made', async ({ onTestFinished: later }) => {
    const name = `printed ${randomUUID()}`;
    const { id, ...made } = JSON.parse(await demo.says(['image-create', '--name', name, '-f', 'json']));
    later(() => drop(demo, id));
    expect({ id, ...made }).toEqual(await look(demo, id));
    expect(made).toMatchObject({ name, status: 'queued', size: null });
  });

  it('takes the data from a file, a pipe or standard input by name', async ({ onTestFinished: later }) => {
    const data = Buffer.from('data of an image');
    const file = join(await folder(later), 'data');
    await writeFile(file, data);
    for (const [words, input] of [
      [['--file', file], undefined],
      [[], data],
      [['--file', '-'], data],
    ] as const) {
      const id = newId(demo, later);
      const formats = ['--disk-format', 'raw', '--container-format', 'bare'];
      await demo.says(['image-create', '--id', id, ...formats, ...words], input && { input });
      expect(await look(demo, id)).toMatchObject({ status: 'active', size: data.length });
    }
  });

  it('puts the data into the store it is told', async ({ onTestFinished: later }) => {
    const id = newId(demo, later);
    const create = `image-create --id ${id} --disk-format raw --container-format bare --store cheap`;
    await demo.says(create, { input: Buffer.from('cheap') });
    expect(await look(demo, id)).toMatchObject({ status: 'active', stores: 'cheap' });
  });

  it.for([
    [
      'without formats',
      '--file /dev/null',
      'Must provide --disk-format, --container-format when using --file.',
    ],
    [
      'in no such store',
      '--disk-format raw --container-format bare --file {file} --store attic',
      "Store 'attic'",
    ],
    ['in a store but without data', '--store fast', '--store option should only be provided with'],
    ['from no such file', '--disk-format raw --container-format bare --file /nowhere', '/nowhere'],
    ['in no such format', '--disk-format floppy', 'floppy'],
    ['seen by nobody knows whom', '--visibility secret', 'secret'],
    ['with half a property', '--property alone', 'alone'],
    ['under an ID that is none', '--id 7', '7'],
  ])('P37: makes no image %s', async ([, words = '', said], { onTestFinished: later }) => {
    const name = `refused-${randomUUID()}`;
    later(async () => {
      for (const { id } of await named(demo, name)) await drop(demo, id);
    });
    const { code, out, err } = await demo.tglance(
      `image-create --name ${name} ${words.replace('{file}', import.meta.filename)}`,
    );
    expect({ out, made: await named(demo, name) }).toEqual({ out: '', made: [] });
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(said);
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
  });
});
