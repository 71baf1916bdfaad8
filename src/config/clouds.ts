import { type Document, isAlias, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { UsageError } from '../errors.ts';
import type { FoundFile } from './search.ts';
import { isEntry, type Section, section } from './section.ts';

/** A configuration file's clouds. */
export interface CloudFile {
  readonly path: string;
  readonly open: boolean;
  readonly names: readonly string[];
  section(name: string): Section | undefined;
}

/** Reads what a file (YAML or JSON) says under `top`; what is wrong with one cloud is told when that cloud is asked for. */
export function readClouds(file: FoundFile, top: 'clouds' | 'public-clouds'): CloudFile {
  const { path, open } = file;
  const { value, where } = parse(file);
  const content = value ?? {};
  if (!isEntry(content)) throw new UsageError(`${where([])}: the file must be a mapping with ${top} in it`);
  const clouds = (Object.hasOwn(content, top) ? content[top] : undefined) ?? {};
  if (!isEntry(clouds)) throw new UsageError(`${where([top])}: ${top} must be a mapping of names to clouds`);
  return {
    path,
    open,
    names: Object.keys(clouds),
    section: (name) =>
      Object.hasOwn(clouds, name)
        ? section(path, clouds[name], (key) => where([top, name, ...key.split('.')]))
        : undefined,
  };
}

interface Parsed {
  readonly value: unknown;
  /** File and line of what stands under `keys`. */
  where(keys: readonly string[]): string;
}

/** More references (`*name`) than this in one file are taken for an attack on memory or patience. */
const mostAliases = 1000;

function parse({ path, text }: FoundFile): Parsed {
  const lines = new LineCounter();
  const refuse = (offset: number, problem: string) =>
    new UsageError(`${path}, line ${lines.linePos(offset).line}: ${problem}`);
  const document = compose(text, lines);
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
  for (const { pos, code } of [...document.errors, ...tags]) throw refuse(pos[0], blame(code));
  const lastAlias = checkAliases(document, refuse);
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { value, where: (keys) => `${path}, line ${lines.linePos(offsetOf(document, keys)).line}` };
  } catch {
    throw refuse(lastAlias, 'references (*name) multiply here, or do not name a mapping where << needs one');
  }
}

/** Every scalar but null stays the text it was written as: a password 0123 is not the number 83. */
const compose = (text: string, lineCounter: LineCounter): Document.Parsed =>
  parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    merge: true,
    resolveKnownTags: false,
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter,
  });

/** The parser's own messages quote the file, which may hold secrets, so only their kind is told. */
const blame = (code: string): string =>
  code === 'TAG_RESOLVE_FAILED'
    ? 'tags (!word) are not allowed; put quotes around a value that starts with !'
    : `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;

/** Where the last reference stands; refuses references to nothing, and too many. */
function checkAliases(document: Document.Parsed, refuse: (offset: number, problem: string) => UsageError) {
  const anchors = new Set<string>();
  let count = 0;
  let last = 0;
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        last = node.range?.[0] ?? last;
        count += 1;
        if (count > mostAliases) throw refuse(last, `more than ${mostAliases} references (*name)`);
        if (!anchors.has(node.source)) {
          throw refuse(last, 'a reference (*name) to nothing; put quotes around a value that starts with *');
        }
      } else if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Pair(_key, { key, value }) {
      if (isScalar(key) && key.source === '<<' && isScalar(value)) {
        throw refuse(key.range?.[0] ?? last, '<< needs a reference (*name) to a mapping');
      }
    },
  });
  return last;
}

/** Where the innermost of `keys` stands that is in the file itself: merged ones (<<) have no place of their own. */
function offsetOf(document: Document.Parsed, keys: readonly string[]): number {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
