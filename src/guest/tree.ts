import { readAt } from '../disk/bytes.ts';
import { Unread } from '../errors.ts';
import { damaged, type Entry, type FileSystem, type Node } from './file-system.ts';

/** The files of a guest as it sees them itself: links lead where they lead there, and its partitions are mounted. */
export interface Tree {
  /** What is at a path, or undefined where nothing is; a link at its end is followed unless `follow` is false. */
  at(path: string, how?: { follow: boolean }): Promise<Place | undefined>;
  /** Whether nothing is at a path because its links lead back to themselves. */
  circles(path: string): Promise<boolean>;
  /** The names in a directory, sorted; none where there is no directory. */
  names(path: string): Promise<readonly string[]>;
  /** A small file as text, or undefined where there is none. */
  text(path: string): Promise<string | undefined>;
  /** The same tree with something else at a directory of it. */
  mounted(path: string, root: Node, files: FileSystem): Tree;
}

/** Something in a tree, and the path that it really has. */
export interface Place {
  readonly path: string;
  readonly node: Node;
  readonly files: FileSystem;
}

const mostLinks = 40;
/** Files longer than this (bytes) are no configuration, nor is more than the second one together. */
const [mostText, mostTexts] = [4 * 1024 * 1024, 128 * 1024 * 1024];
/** Entries of directories that are remembered. */
const mostRemembered = 100_000;

interface Mount {
  readonly root: Node;
  readonly files: FileSystem;
}

/** The tree that begins with a directory of a file system. */
export function treeOf(root: Node, files: FileSystem): Tree {
  return withMounts(new Map([['/', { root, files }]]));
}

function withMounts(mounts: ReadonlyMap<string, Mount>): Tree {
  const top = mounts.get('/');
  if (top === undefined) throw new Error('a tree without a root');
  const entriesOf = remembering();
  let left = mostTexts;
  const start: Place = { path: '/', node: top.root, files: top.files };

  const walk = async (path: string, follow: boolean): Promise<Place | 'circle' | undefined> => {
    let links = 0;
    let left = wordsOf(path);
    const above: Place[] = [start];
    while (left.length > 0) {
      const [word = '', ...rest] = left;
      left = rest;
      const here = above.at(-1) ?? start;
      if (word === '..') {
        if (above.length > 1) above.pop();
        continue;
      }
      if (here.node.kind !== 'directory') return undefined;
      const found = await step(here, word, entriesOf, mounts);
      if (found === undefined) return undefined;
      if (found.node.kind !== 'link' || (left.length === 0 && !follow)) {
        above.push(found);
        continue;
      }
      links += 1;
      if (links > mostLinks) return 'circle';
      const target = await targetOf(found.node, found.path);
      if (target.startsWith('/')) above.length = 1;
      left = [...wordsOf(target), ...left];
    }
    return above.at(-1);
  };
  const at: Tree['at'] = async (path, { follow } = { follow: true }) => {
    const found = await walk(path, follow);
    return found === 'circle' ? undefined : found;
  };

  return {
    at,
    circles: async (path) => (await walk(path, true)) === 'circle',
    names: async (path) => {
      const place = await at(path);
      if (place?.node.kind !== 'directory') return [];
      return [...(await entriesOf(place)).values()].map(({ name }) => name).sort();
    },
    text: async (path) => {
      const place = await at(path);
      if (place?.node.kind !== 'file') return undefined;
      const { size } = place.node;
      if (size > mostText) throw new Unread(`${path} has ${size} bytes, which is too much to be read`);
      left -= size;
      if (left < 0) throw new Unread(`There is more configuration than any guest has`);
      const content = await place.node.content();
      return (await readAt(content, 0, content.size)).toString('utf8');
    },
    mounted: (path, root, files) => withMounts(new Map([...mounts, [path, { root, files }]])),
  };
}

const wordsOf = (path: string): string[] => path.split('/').filter((word) => word !== '' && word !== '.');

async function step(
  here: Place,
  word: string,
  entriesOf: Entries,
  mounts: ReadonlyMap<string, Mount>,
): Promise<Place | undefined> {
  const path = here.path === '/' ? `/${word}` : `${here.path}/${word}`;
  const mount = mounts.get(path);
  if (mount !== undefined) return { path, node: mount.root, files: mount.files };
  const entry = (await entriesOf(here)).get(keyOf(word, here.files));
  return entry && { path, node: await entry.node(), files: here.files };
}

const keyOf = (name: string, { foldsCase }: FileSystem): string => (foldsCase ? name.toLowerCase() : name);

const longestTarget = 4096;

/** Where a link leads, as it is written. */
export async function targetOf(link: Node, path: string): Promise<string> {
  const content = await link.content();
  if (content.size > longestTarget) throw damaged(path, `a link of ${content.size} bytes`);
  return (await readAt(content, 0, content.size)).toString('utf8');
}

type Entries = (place: Place) => Promise<ReadonlyMap<string, Entry>>;

/** Each directory is read once, as long as all of them fit. */
function remembering(): Entries {
  const kept = new Map<string, ReadonlyMap<string, Entry>>();
  let count = 0;
  return async ({ path, node, files }) => {
    const found = kept.get(path);
    if (found !== undefined) return found;
    const entries = new Map((await node.entries()).map((entry) => [keyOf(entry.name, files), entry]));
    if (count + entries.size > mostRemembered) {
      kept.clear();
      count = 0;
    }
    kept.set(path, entries);
    count += entries.size;
    return entries;
  };
}
