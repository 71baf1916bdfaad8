import { Unread } from '../errors.ts';
import { fits } from './glob.ts';
import { longestLine } from './lines.ts';
import { filesIn, linesOf } from './note.ts';
import { variablesIn } from './release.ts';
import type { Tree } from './tree.ts';

/** A line that starts a kernel. */
export interface BootEntry {
  readonly title: string;
  /** The kernel's command line. */
  readonly options: readonly string[];
  readonly path: string;
  readonly line: number;
}

/** What one configuration offers, what boots when nobody chooses first. */
export interface Loader {
  readonly entries: readonly BootEntry[];
  /** The entries are in files of their own. */
  readonly bls: boolean;
}

/** Reads a grub.cfg: the lines that start kernels, variables that it sets in their places. */
export async function grubEntries(tree: Tree, path: string): Promise<Loader> {
  const lines = await linesOf(tree, path);
  const directory = path.slice(0, path.lastIndexOf('/'));
  const environment = variablesIn((await tree.text(`${directory}/grubenv`)) ?? '');
  const variables = new Map(environment);
  const entries: BootEntry[] = [];
  let [title, bls] = ['', false];
  for (const { text, number } of lines) {
    const [, name, value] = /^set\s+(\w+)=(.*)$/.exec(text) ?? [];
    const entry = /^menuentry\s+(?:'([^']*)'|"([^"]*)")/.exec(text);
    if (name !== undefined && value !== undefined) {
      // the defaults of a later branch are for what grubenv does not say
      if (!environment.has(name) && variables.size < mostVariables)
        variables.set(name, unquoted(expanded(value, variables)));
    } else if (entry !== null) title = entry[1] ?? entry[2] ?? '';
    else if (/^blscfg\b/.test(text)) bls = true;
    else if (/^linux(16|efi)?\s/.test(text)) {
      entries.push({ title, options: wordsOf(expanded(text, variables)).slice(2), path, line: number });
      refuseMany(entries, path);
    }
  }
  if (!bls) return { entries, bls };
  const described = await blsEntries(tree, '/boot/loader', variables);
  return { entries: [...described.entries, ...entries], bls };
}

const unquoted = (text: string) => text.replace(/^(["'])(.*)\1$/, '$2');
const wordsOf = (text: string) =>
  (text.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []).map((word) => word.replace(/["']/g, ''));

/** A variable may hold another one many times, and that one a third: what is longer than a line is not made. */
function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  let found = '';
  for (const [word, braced, bare] of text.matchAll(/\$(?:\{(\w+)\}|(\w+))|[^$]+|\$/g)) {
    const name = braced ?? bare;
    found += name === undefined ? word : (variables.get(name) ?? '');
    if (found.length > longestLine) return found.slice(0, longestLine);
  }
  return found;
}

/** More of them are in no configuration. */
const [mostVariables, mostEntries] = [1000, 256];

function refuseMany({ length }: readonly unknown[], where: string): void {
  if (length > mostEntries) throw new Unread(`${where} starts more than ${mostEntries} kernels`);
}

// https://uapi-group.org/specifications/specs/boot_loader_specification/
/** The entries in files of their own, newest kernel first, before them the one that is chosen. */
export async function blsEntries(
  tree: Tree,
  loader: string,
  variables: ReadonlyMap<string, string>,
): Promise<Loader> {
  const chosen = variables.get('saved_entry') ?? (await chosenBy(tree, `${loader}/loader.conf`));
  const found: (BootEntry & { readonly file: string; readonly version: string })[] = [];
  for (const path of await filesIn(tree, [`${loader}/entries`], /\.conf$/)) {
    const lines = await linesOf(tree, path);
    const of = (key: string) => lines.filter(({ text }) => text.split(/\s/)[0] === key);
    const value = (key: string) => of(key)[0]?.text.slice(key.length).trim() ?? '';
    if (of('linux').length === 0 && of('options').length === 0) continue;
    const text = of('options')
      .map((line) => line.text.slice('options'.length))
      .join(' ');
    const options = wordsOf(expanded(text, variables));
    const file = path.slice(path.lastIndexOf('/') + 1, -'.conf'.length);
    const line = of('options')[0]?.number ?? 1;
    found.push({ title: value('title'), options, path, line, file, version: value('version') });
    refuseMany(found, `${loader}/entries`);
  }
  const rank = ({ file, title }: (typeof found)[number]) =>
    Number(chosen !== undefined && (title === chosen || fits(file, chosen.replace(/\.conf$/, ''))));
  const rescue = ({ file }: (typeof found)[number]) => Number(/rescue/.test(file));
  const sorted = found.toSorted(
    (a, b) =>
      rank(b) - rank(a) || rescue(a) - rescue(b) || byVersion(b.version || b.file, a.version || a.file),
  );
  return { entries: sorted, bls: false };
}

async function chosenBy(tree: Tree, path: string): Promise<string | undefined> {
  const line = (await linesOf(tree, path)).find(({ text }) => /^default\s/.test(text));
  return line?.text.replace(/^default\s+/, '');
}

/** Numbers within versions count as numbers. */
function byVersion(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (const [index, piece] of (left ?? []).entries()) {
    const other = right?.[index];
    if (other === undefined) return 1;
    if (piece === other) continue;
    const difference = Number(piece) - Number(other);
    return Number.isNaN(difference) ? (piece < other ? -1 : 1) : difference;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
