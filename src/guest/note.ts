import { Unread } from '../errors.ts';
import type { Guest } from './guest.ts';
import { linesIn, mostLines, type TextLine } from './lines.ts';
import type { Tree } from './tree.ts';

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown';

/** One thing that a check has seen. */
export interface Note {
  readonly verdict: Verdict;
  readonly text: string;
  /** The file, with the line where one says it. */
  readonly evidence?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A requirement, and how it is looked for; whatever cannot be read ends it with a DiskError. */
export interface Check {
  readonly id: string;
  readonly about: string;
  look(guest: Guest): Promise<readonly Note[]>;
}

/** A line of a file, counted from 1. */
export interface Line extends TextLine {
  readonly path: string;
}

/** The lines of a file that say something: without comments, empty ones and blanks around them. */
export async function linesOf(tree: Tree, path: string): Promise<Line[]> {
  const found: Line[] = [];
  for (const { number, text } of linesIn((await tree.text(path)) ?? '', path)) {
    if (text !== '' && !/^[#;]/.test(text)) found.push({ path, number, text });
  }
  return found;
}

/** The same of all files in some directories whose names fit, in the order of their names. */
export async function linesOfAll(tree: Tree, directories: readonly string[], name: RegExp): Promise<Line[]> {
  const found: Line[] = [];
  for (const path of await filesIn(tree, directories, name)) {
    for (const line of await linesOf(tree, path)) found.push(line);
    if (found.length > mostLines)
      throw new Unread(`${path} and those before it have too many lines to be read`);
  }
  return found;
}

/** As many files as a directory of configuration has at most. */
const mostFiles = 4096;

/** The paths of files in some directories whose names fit; a directory that is a link to another one counts once. */
export async function filesIn(tree: Tree, directories: readonly string[], name: RegExp): Promise<string[]> {
  const found = new Map<string, string>();
  for (const directory of directories) {
    for (const it of await tree.names(directory)) {
      if (!name.test(it)) continue;
      const place = await tree.at(`${directory}/${it}`);
      if (place?.node.kind === 'file' && !found.has(place.path)) found.set(place.path, `${directory}/${it}`);
      if (found.size > mostFiles) throw new Unread(`${directory} has too many files to be read`);
    }
  }
  return [...found.values()];
}

/** A line as evidence: where it stands and what it says, at most a hundred letters. */
export const evidenceOf = ({ path, number, text }: Line): string =>
  `${path}:${number} ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;

/** The first of some paths that exists. */
export async function firstOf(tree: Tree, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await tree.at(path)) !== undefined) return path;
  return undefined;
}

/** A program, wherever programs are. */
export const programIn = (tree: Tree, name: string): Promise<string | undefined> =>
  firstOf(
    tree,
    ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec'].map(
      (it) => `${it}/${name}`,
    ),
  );
