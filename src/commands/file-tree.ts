import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { didYouMean } from '../define/nearest.ts';
import { on } from '../define/option.ts';
import { done, rows } from '../define/view.ts';
import { readAt } from '../disk/bytes.ts';
import { NotFound, UsageError } from '../errors.ts';
import type { Kind } from '../guest/file-system.ts';
import { type Place, type Tree, targetOf } from '../guest/tree.ts';
import { inFile, insideOptions, treeIn } from './inside.ts';

const file = arg('<FILE>', 'Image file', 'file');

/** A file of a guest, for whoever reads JSON. */
interface Listed {
  readonly name: string;
  readonly type: Kind;
  /** Permissions in octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: string;
  /** Where a link leads. */
  readonly target?: string;
}

const columns = {
  Mode: ({ type, mode }: Listed) => letters[type] + permissions(Number.parseInt(mode, 8)),
  Owner: ({ uid, gid }: Listed) => `${uid}:${gid}`,
  Size: 'size',
  Modified: 'mtime',
  Name: ({ name, target }: Listed) => (target === undefined ? name : `${name} -> ${target}`),
} as const;

export const ls = command({
  about: `List the files in a disk image, without mounting it. A guest's partitions are where it mounts them itself, and
its links lead where they lead there.`,
  args: { file, path: arg('[PATH]', 'Directory or file in the image: / when missing') },
  options: {
    ...insideOptions,
    long: on('--long', 'Show permissions, owner, size and time, too'),
  },
  columns,
  examples: ['tglance file-ls debian-12.img /boot', 'tglance file-ls debian-12.img --partition 15 --long'],
  run: async ({ args, options }, app) => {
    const items = await inFile(app, args.file, options, async (found) => {
      const tree = await treeIn(app, found, options.partition);
      const place = await placeAt(tree, args.path ?? '/', { follow: true });
      if (place.node.kind !== 'directory') return [await listed(tree, place.path)];
      const all: Listed[] = [];
      for (const name of await tree.names(place.path)) all.push(await listed(tree, `${place.path}/${name}`));
      return all;
    });
    const long = options.long === true || app.verbose;
    return rows(items, columns, long ? Object.keys(columns) : ['Name'], { exact: true });
  },
});

async function listed(tree: Tree, path: string): Promise<Listed> {
  const { node } = await placeAt(tree, path, { follow: false });
  const { kind, mode, uid, gid, size, mtime } = node;
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    type: kind,
    mode: mode.toString(8).padStart(4, '0'),
    uid,
    gid,
    size,
    mtime: timeOf(mtime),
    ...(kind === 'link' && { target: await targetOf(node, path) }),
  };
}

/** Seconds that no calendar has are the file system's own business. */
const timeOf = (seconds: number) =>
  Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000).toISOString().replace('.000', '') : '';

const letters: Readonly<Record<Kind, string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  device: 'b',
  fifo: 'p',
  socket: 's',
};

/** Nine letters, in which set-user-id and its like take the places of x. */
function permissions(mode: number): string {
  const plain = Array.from('rwxrwxrwx', (letter, at) => ((mode >>> (8 - at)) & 1 ? letter : '-'));
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const;
  for (const [bit, at, letter] of special) {
    if ((mode & bit) !== 0) plain[at] = plain[at] === 'x' ? letter : letter.toUpperCase();
  }
  return plain.join('');
}

export const cat = command({
  about: 'Print a file that is in a disk image, without mounting it.',
  args: { file, path: arg('<PATH>', 'File in the image') },
  options: insideOptions,
  examples: ['tglance file-cat debian-12.img /etc/os-release'],
  run: async ({ args, options }, app) => {
    await inFile(app, args.file, options, async (found) => {
      const tree = await treeIn(app, found, options.partition);
      const place = await placeAt(tree, args.path, { follow: true });
      if (place.node.kind !== 'file') throw new UsageError(`${args.path} is a ${place.node.kind}, no file`);
      if (app.stdio.outputIsTerminal) await refuseUnprintable(place);
      for await (const piece of piecesOf(place)) await write(app, piece);
    });
    return done();
  },
});

async function write(app: App, piece: Uint8Array): Promise<void> {
  app.signal.throwIfAborted();
  await app.stdio.write(piece);
}

const pieceSize = 1 << 20;

async function* piecesOf({ node }: Place): AsyncGenerator<Buffer> {
  const content = await node.content();
  for (let at = 0; at < content.size; at += pieceSize) {
    yield await readAt(content, at, Math.min(pieceSize, content.size - at));
  }
}

/** Controls, invisible letters and what is no text at all, line ends and tabs aside. */
const unprintable = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/u;

/** An image is written by others: a terminal must not do what its files say. */
async function refuseUnprintable(place: Place): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of piecesOf(place)) {
    const text = decoder.decode(piece, { stream: true });
    if (unprintable.test(text) || text.includes('\ufffd')) {
      throw new UsageError(
        `${place.path} is not plain text, and a terminal could act on it: redirect the output`,
      );
    }
  }
}

/** What is at a path that a person gave; where nothing is, the refusal says what is there instead. */
async function placeAt(tree: Tree, path: string, how: { follow: boolean }): Promise<Place> {
  const place = await tree.at(path, how);
  if (place !== undefined) return place;
  const words = path.split('/').filter(Boolean);
  let above = '';
  for (const word of words) {
    const next = `${above}/${word}`;
    if ((await tree.at(next)) !== undefined) {
      above = next;
      continue;
    }
    const broken = await tree.at(next, { follow: false });
    if (broken?.node.kind === 'link') {
      const way = (await tree.circles(next)) ? 'back to itself' : 'nowhere';
      throw new NotFound(`${next} is a link that leads ${way}: to ${await targetOf(broken.node, next)}`);
    }
    const names = await tree.names(above || '/');
    const near = didYouMean(word, names);
    const some = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
    throw new NotFound(`There is no ${next}${near || (some === '' ? '' : `; there are: ${some}`)}`);
  }
  throw new NotFound(`There is no ${path}`);
}
