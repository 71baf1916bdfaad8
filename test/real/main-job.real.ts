import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasGlance } from './support/beside.ts';
import { folder, ipxe, ipxeAs } from './support/disks.ts';
import { demo } from './support/people.ts';
import { type Later, look, newId } from './support/witness.ts';

const disks = {
  iso: async () => ipxe,
  qcow2: (later: Later) => ipxeAs('qcow2', later),
  vmdk: (later: Later) => ipxeAs('vmdk', later),
};

it('works on a disk that boots: it begins with a boot sector', async () => {
  expect((await readFile(ipxe)).readUInt16LE(510)).toBe(0xaa55);
});

it.for(Object.entries(disks))(
  'creates, lists, shows and downloads a bootable disk as %s, and verifies it',
  async ([format, disk], { onTestFinished: later }) => {
    const file = await disk(later);
    const data = await readFile(file);
    const os_hash_value = createHash('sha512').update(data).digest('hex');
    const id = newId(demo, later);
    const name = `ipxe ${id}`;

    const create = ['image-create', '--id', id, '--name', name, '--disk-format', format];
    await demo.says([...create, '--container-format', 'bare', '--file', file]);
    expect(await look(demo, id)).toMatchObject({ status: 'active', size: data.length, os_hash_value });

    const list = ['image-list', '--property-filter', `name=${name}`];
    expect(await demo.says(list)).toContain(`| ${id} | ${name} |`);

    expect(JSON.parse(await demo.says(['image-show', name, '-f', 'json']))).toEqual(await look(demo, id));

    for (const line of hasGlance ? [list, ['image-show', id]] : []) {
      expect(await demo.says(line)).toBe((await demo.glance(line)).out);
    }

    const copy = join(await folder(later), 'copy');
    expect(await demo.says(['image-download', name, '--file', copy])).toBe('');
    expect((await readFile(copy)).equals(data)).toBe(true);
    expect((await stat(copy)).mode & 0o777).toBe(0o666 & ~process.umask());
  },
);
