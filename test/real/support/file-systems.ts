import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../../src/disk/bytes.ts';
import { readAt } from '../../../src/disk/bytes.ts';
import { fileBytes } from '../../../src/disk/file.ts';
import type { FileSystem, Node } from '../../../src/guest/file-system.ts';

/** What ls says of a file, and what is in it. */
export interface Seen {
  readonly path: string;
  readonly kind: string;
  readonly mode: number;
  readonly size: number;
  readonly content: string;
}

const noon = new Date('2024-02-29T12:00:00Z');

/** Makes a tree of files in which every way of keeping files and directories occurs. */
export function makeTree(root: string): void {
  for (const name of ['etc', 'many', 'deep/a/b/c/d/e/f/g/h/i', 'empty'])
    mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'ID=test\n');
  for (let index = 0; index < 1500; index += 1) {
    writeFileSync(join(root, `many/a-file-with-quite-a-long-name-${index}`), `${index}\n`);
  }
  writeFileSync(join(root, 'deep/a/b/c/d/e/f/g/h/i/file'), 'deep\n');
  writeFileSync(join(root, 'nothing'), '');
  writeFileSync(join(root, 'inline'), 'x'.repeat(120));
  writeFileSync(
    join(root, 'large'),
    Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * at) >>> 7)),
  );
  writeFileSync(join(root, 'sparse'), 'begins');
  truncateSync(join(root, 'sparse'), 9_000_000);
  writeFileSync(join(root, 'sparse'), 'ends', { flag: 'a' });
  writeFileSync(join(root, 'ümläut'), 'ü');
  chmodSync(join(root, 'inline'), 0o4751);
  symlinkSync('/etc/os-release', join(root, 'link'));
  symlinkSync(`/${'long/'.repeat(50)}end`, join(root, 'far'));
  utimesSync(join(root, 'inline'), noon, noon);
}

/** The files below a directory of this machine. */
export function onHost(root: string, path = ''): Seen[] {
  return readdirSync(join(root, path)).flatMap((name) => {
    const its = `${path}/${name}`;
    const stat = lstatSync(join(root, its));
    const mode = stat.mode & 0o7777;
    if (stat.isDirectory())
      return [{ path: its, kind: 'directory', mode, size: 0, content: '' }, ...onHost(root, its)];
    const content = stat.isSymbolicLink()
      ? readlinkSync(join(root, its))
      : readFileSync(join(root, its), 'latin1');
    return [{ path: its, kind: stat.isSymbolicLink() ? 'link' : 'file', mode, size: stat.size, content }];
  });
}

/** The same of a directory in an image. */
export async function inImage(node: Node, path = ''): Promise<Seen[]> {
  const all: Seen[] = [];
  for (const { name, node: open } of await node.entries()) {
    const its = await open();
    const { kind, mode } = its;
    const at = `${path}/${name}`;
    if (kind === 'directory')
      all.push({ path: at, kind, mode, size: 0, content: '' }, ...(await inImage(its, at)));
    else {
      const content = await its.content();
      const text = (await readAt(content, 0, content.size)).toString(kind === 'link' ? 'utf8' : 'latin1');
      all.push({ path: at, kind, mode, size: its.size, content: text });
    }
  }
  return all;
}

/** In one order, without what mkfs makes itself. */
export const ordered = (all: readonly Seen[]): Seen[] =>
  all
    .filter(({ path }) => path !== '/lost+found' && path !== '/rr_moved')
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** Opens the file system in a file for as long as something is done with it. */
export async function withFiles<T>(
  file: string,
  reader: (bytes: Bytes) => Promise<FileSystem | undefined>,
  act: (files: FileSystem) => Promise<T>,
): Promise<T> {
  const handle = await open(file);
  try {
    const files = await reader(fileBytes(handle, (await handle.stat()).size));
    if (files === undefined) throw new Error(`${file} is not recognised`);
    return await act(files);
  } finally {
    await handle.close();
  }
}

/** Runs a program of this machine, quietly. */
export const tool = (name: string, ...words: readonly string[]): string =>
  execFileSync(name, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', MTOOLS_SKIP_CHECK: '1', LC_ALL: 'C.UTF-8' },
  });

/** What mkfs.xfs fills a file system from: names, modes and the files that contents are copied from. */
export function protofile(root: string): string {
  const below = (path: string, indent: string): string[] =>
    readdirSync(join(root, path)).flatMap((name) => {
      const its = join(path, name);
      const stat = lstatSync(join(root, its));
      const mode = `${(stat.mode & 0o4000) !== 0 ? 'u' : '-'}-${(stat.mode & 0o777).toString(8)}`;
      if (stat.isDirectory())
        return [`${indent}${name} d${mode} 0 0`, ...below(its, `${indent} `), `${indent}$`];
      if (stat.isSymbolicLink()) return [`${indent}${name} l${mode} 0 0 ${readlinkSync(join(root, its))}`];
      return [`${indent}${name} -${mode} 0 0 ${join(root, its)}`];
    });
  return ['/dev/null', '0 0', 'd--755 0 0', ...below('', ''), '$', ''].join('\n');
}
