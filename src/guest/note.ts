import type { Guest } from './guest.ts';
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
export interface Line {
  readonly path: string;
  readonly number: number;
  readonly text: string;
}

/** What is behind this in a line (letters) is not looked at: expressions take long over what somebody made long. */
const longestLine = 4096;

/** The lines of a file that say something: without comments, empty ones and blanks around them. */
export async function linesOf(tree: Tree, path: string): Promise<Line[]> {
  const text = (await tree.text(path)) ?? '';
  return text
    .split('\n')
    .map((line, index) => ({ path, number: index + 1, text: line.slice(0, longestLine).trim() }))
    .filter((line) => line.text !== '' && !/^[#;]/.test(line.text));
}

/** The same of all files in some directories whose names fit, in the order of their names. */
export async function linesIn(tree: Tree, directories: readonly string[], name: RegExp): Promise<Line[]> {
  const found: Line[] = [];
  for (const path of await filesIn(tree, directories, name)) found.push(...(await linesOf(tree, path)));
  return found;
}

/** The paths of files in some directories whose names fit; a directory that is a link to another one counts once. */
export async function filesIn(tree: Tree, directories: readonly string[], name: RegExp): Promise<string[]> {
  const found = new Map<string, string>();
  for (const directory of directories) {
    for (const it of await tree.names(directory)) {
      if (!name.test(it)) continue;
      const place = await tree.at(`${directory}/${it}`);
      if (place?.node.kind === 'file' && !found.has(place.path)) found.set(place.path, `${directory}/${it}`);
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
