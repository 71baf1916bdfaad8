import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ext4 } from '../support/ext4.ts';
import { divided } from '../support/guests.ts';
import { convert, hasQemu } from '../support/qemu.ts';
import { changed, debian } from '../support/trees.ts';
import { both } from './support/beside.ts';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { make, newId } from './support/witness.ts';

const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };

/** A disk with a guest that fails one check. */
function writeGuest(path: string): void {
  writeFileSync(path, divided({ content: ext4(changed(debian, udev), { label: 'root' }) }));
}

describe('an image in the cloud', () => {
  it('is checked and inspected by reading a little of it', async ({ onTestFinished: later }) => {
    const place = await folder(later);
    const [raw, qcow2] = [join(place, 'raw'), join(place, 'qcow2')];
    writeGuest(raw);
    truncateSync(raw, 300_000_256);
    const images = [['raw', raw]];
    if (hasQemu) {
      convert(raw, qcow2, { format: 'qcow2' });
      images.push(['qcow2', qcow2]);
    }
    for (const [disk_format = '', file = ''] of images) {
      const { id } = await make(demo, later, { disk_format, container_format: 'bare' });
      await demo.says(['image-upload', id, '--file', file]);
      const here = await demo.tglance(['file-check', file, '-f', 'json']);
      const there = await demo.tglance(['image-check', id, '-f', 'json']);
      expect([there.code, there.out]).toEqual([3, here.out]);
      expect(there.err).toMatch(/Read \d+(\.\d)? (KiB|MiB) of .* in \d+ requests/);
      const report = JSON.parse((await demo.tglance(['image-inspect', id, '-f', 'json'])).out);
      expect(report).toMatchObject({ id, disk_format, format: disk_format, virtual_size: 300_000_256 });
      expect(report.bytes_read).toBeLessThan(3_000_000);
    }
  });
});

describe('an image that is converted while it is sent', () => {
  it('has the virtual bytes of the file', async ({ onTestFinished: later }) => {
    const place = await folder(later);
    const [raw, qcow2] = [join(place, 'raw'), join(place, 'disk.qcow2')];
    writeGuest(raw);
    truncateSync(raw, 50_000_000 - (50_000_000 % 512));
    await demo.tglance(['file-convert', raw, qcow2]);
    for (const to of ['raw', 'qcow2']) {
      const id = newId(demo, later);
      await demo.says(['image-create', '--id', id, '--name', 'sent', '--file', qcow2, '--convert-to', to]);
      const verdict = await demo.tglance(['image-compare', id, raw, '-f', 'value']);
      expect([to, verdict.code, verdict.err.includes('ERROR')]).toEqual([to, 0, false]);
    }
  });
});

it('data that are not what is said are sent by glance, and refused here', async ({
  onTestFinished: later,
}) => {
  const file = join(await folder(later), 'raw');
  writeGuest(file);
  const id = newId(demo, later);
  const line = [
    'image-create',
    '--id',
    id,
    '--disk-format',
    'qcow2',
    '--container-format',
    'bare',
    '--file',
    file,
  ];
  const { ours, theirs } = await both(demo, line);
  expect([theirs.code, ours.code]).toEqual([0, 7]);
  expect(ours.err).toContain('is no qcow2 image: ');
});
