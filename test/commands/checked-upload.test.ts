import { openSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { it as inCloud } from '../support/cloud.ts';
import { qcow2Image } from '../support/disks.ts';
import { ext4 } from '../support/ext4.ts';
import { divided } from '../support/guests.ts';
import { type Change, changed, debian } from '../support/trees.ts';

const it = inCloud.extend<{
  /** A file with a guest, raw or as it is `packed`. */
  image: (change: Change, packed?: (disk: Buffer) => Buffer) => string;
}>({
  image: async ({ path }, use) => {
    await use((change, packed = (disk) => disk) => {
      const disk = divided({ content: ext4(changed(debian, change), { label: 'root' }) });
      writeFileSync(path('disk.img'), packed(disk));
      return path('disk.img');
    });
  },
});

const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };
const port = { 'etc/ssh/sshd_config': 'Port 2222\n' };
const head = 'Debian GNU/Linux 12 (bookworm), x86_64, raw 3 MiB, gpt, root: partition 1 (ext4)';
const create = (file: string, ...more: string[]) => [
  'image-create',
  '--name',
  'one',
  '--file',
  file,
  ...more,
];

it('--check sends a guest that passes without a word', async ({ cloud, image }) => {
  const { err, code } = await cloud.run(create(image({}), '--check=strict'));
  expect({ err, code }).toEqual({ err: '', code: 0 });
});

it('--check refuses a guest that fails, in the words of file-check, before anything is created', async ({
  cloud,
  image,
}) => {
  const file = image({ ...udev, ...port });
  const [finding, advice] = [
    'fail mac-address: 52:54:00:9a:3b:c7 is written down in 70-net.rules\nwarn ssh-server: ',
    `\n${file} is not sent: 1 failed, 1 warning. What to do: tglance file-check --explain ${file}\n`,
  ];
  const { id } = await cloud.json('image-create --name two --disk-format raw --container-format bare');
  for (const line of [
    create(file, '--check'),
    ['image-create-via-import', '--name', 'one', '--file', file, '--check'],
    ['image-upload', String(id), '--file', file, '--check'],
    ['image-stage', String(id), '--file', file, '--check'],
  ]) {
    const { err, out, code } = await cloud.run(line);
    expect(err).toMatch(`${head}\n${finding}`);
    expect(err).toContain(advice);
    expect({ out, code }).toEqual({ out: '', code: 3 });
  }
  expect(await cloud.json('image-list')).toHaveLength(1);
  expect(await cloud.json(`image-show ${id}`)).toMatchObject({ status: 'queued' });
});

it('a warning is told, and refused with --check=strict', async ({ cloud, image }) => {
  const file = image(port);
  const strict = await cloud.run(create(file, '--check=strict'));
  expect(strict.err).toContain('fail ssh-server: ');
  expect(strict.code).toBe(3);
  const { err, code } = await cloud.run(create(file, '--check'));
  expect(err).toMatch(/^Debian [^\n]*\nwarn ssh-server: [^\n]*\n$/);
  expect(code).toBe(0);
});

it('a guest that cannot be looked into is refused as unknown, a file that is damaged as that', async ({
  cloud,
  image,
  path,
}) => {
  const luks = Buffer.alloc(3 * 1024 * 1024);
  luks.write('LUKS\xba\xbe\0\x02', 'latin1');
  const encrypted = await cloud.run(
    create(
      image({}, () => divided({ content: luks })),
      '--check',
    ),
  );
  expect(encrypted.err).toMatch(/\nunknown resize-root: /);
  expect(encrypted.err).toMatch(/ is not sent: 7 unknown\n$/);
  expect(encrypted.code).toBe(4);
  writeFileSync(path('cut'), qcow2Image(divided({ content: luks })).subarray(0, 5000));
  expect((await cloud.run(create(path('cut'), '--check'))).code).toBe(1);
  expect(await cloud.json('image-list')).toEqual([]);
});

it('--check looks at the disk that --convert-to converts', async ({ cloud, image }) => {
  const to = ['--convert-to', 'raw', '--check'];
  expect((await cloud.run(create(image(udev, qcow2Image), ...to))).code).toBe(3);
  expect((await cloud.run(create(image({}, qcow2Image), ...to))).code).toBe(0);
});

it('P37: --check wants a file, and no other word than strict', async ({ cloud, image }) => {
  const file = image({});
  for (const [line, stdin] of [
    [['image-create', '--name', 'one', '--check'], openSync(file, 'r')],
    [create(file, '--check', '--decompress'), undefined],
    [create(file, '--check=lax'), undefined],
  ] as const) {
    const { err, code } = await cloud.run(line, stdin === undefined ? {} : { stdin });
    expect(err).toMatch(/--check/);
    expect(code).toBe(2);
  }
});
