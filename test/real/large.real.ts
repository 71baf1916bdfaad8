import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Files } from '../support/ext4.ts';
import { hasQemu } from '../support/qemu.ts';
import { changed, debian } from '../support/trees.ts';
import { folder } from './support/disks.ts';
import { tool } from './support/file-systems.ts';
import { demo } from './support/people.ts';
import { newId } from './support/witness.ts';

const GiB = 2 ** 30;

/** How much of the disk of 10 GiB is in use; to have all of it say TGLANCE_REAL_GIB=9.5, and wait some minutes. */
const inUse = Number(process.env.TGLANCE_REAL_GIB ?? '0.5') * GiB;

const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };

function writeTree(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path);
    mkdirSync(path.endsWith('/') ? place : dirname(place), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'string' || Buffer.isBuffer(content))
      writeFileSync(place, content, { mode: 0o755 });
    else symlinkSync(content.link, place);
  }
}

/** Files that no format makes smaller. */
function fill(directory: string, length: number): void {
  mkdirSync(directory, { recursive: true });
  const noise = randomFillSync(Buffer.alloc(32 * 2 ** 20));
  for (let left = length, index = 0; left > 0; index += 1) {
    const file = openSync(join(directory, `${index}`), 'w');
    for (let own = 0; own < 16 && left > 0; own += 1) {
      noise.writeDoubleLE(left, 0);
      left -= writeSync(file, noise, 0, Math.min(left, noise.length));
    }
    closeSync(file);
  }
}

it.runIf(hasQemu)(
  'a disk of 10 GiB in the cloud gets the verdicts of the file, of less than a hundredth of it',
  { timeout: 1_800_000 },
  async ({ onTestFinished: later }) => {
    const place = await folder(later);
    const [tree, raw, file] = [join(place, 'tree'), join(place, 'raw'), join(place, 'disk.qcow2')];
    writeTree(tree, changed(debian, udev));
    fill(join(tree, 'var/lib/data'), inUse);
    writeFileSync(raw, '');
    truncateSync(raw, 10 * GiB);
    tool('mkfs.ext4', '-q', '-F', '-L', 'root', '-d', tree, raw);
    rmSync(tree, { recursive: true });
    tool('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, file);
    rmSync(raw);
    const { size } = statSync(file);
    const id = newId(demo, later);
    await demo.says(['image-create', '--id', id, '--name', 'large', '--file', file]);

    const here = await demo.tglance(['file-check', file, '-f', 'json']);
    const there = await demo.tglance(['image-check', id, '-f', 'json']);
    expect([there.code, there.out]).toEqual([3, here.out]);
    const [, read = '', unit = '', requests] =
      /Read ([\d.]+) ([KM]iB) of .* in (\d+) requests/.exec(there.err) ?? [];
    const bytes = Number(read) * (unit === 'MiB' ? 2 ** 20 : 1024);
    console.log(`checked an image of ${size} bytes by reading ${bytes} in ${requests} requests`);
    expect(bytes / size).toBeLessThan(0.01);

    const report = JSON.parse((await demo.tglance(['image-inspect', id, '-f', 'json'])).out);
    expect(report).toMatchObject({ format: 'qcow2', virtual_size: 10 * GiB, guest: { id: 'debian' } });
    expect(report.bytes_read / size).toBeLessThan(0.01);
  },
);
