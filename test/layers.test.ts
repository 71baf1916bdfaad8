import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../src');

/** What each layer may import as values; types are free everywhere. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  define: ['errors'],
  commands: ['define', 'transfer', 'disk', 'guest', 'sandbox', 'generate', 'errors'],
  http: ['errors'],
  keystone: ['http', 'errors'],
  glance: ['http', 'errors'],
  volumes: ['http', 'errors'],
  config: ['errors', 'define'],
  transfer: ['errors'],
  disk: ['errors'],
  guest: ['disk', 'errors'],
  sandbox: ['disk', 'errors'],
  generate: ['define'],
  cli: [
    'define',
    'commands',
    'http',
    'keystone',
    'glance',
    'volumes',
    'config',
    'transfer',
    'disk',
    'sandbox',
    'generate',
    'errors',
  ],
};

/** The packages that cost start-up time, or whose replacement must touch one file only. */
const doors: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli/parse.ts'],
  undici: ['http/upload-line.ts'],
  yaml: ['config/clouds.ts', 'cli/render/yaml.ts', 'guest/yaml.ts'],
  'cli-table3': ['cli/render/dressed.ts'],
  'cli-progress': ['cli/progress.ts'],
  chalk: ['cli/colour.ts'],
  lmdb: ['sandbox/store.ts'],
  zstddec: ['disk/unpack.ts', 'transfer/unzstd.ts'],
  'xz-decompress': ['transfer/unxz.ts'],
  conf: ['config/saved-file.ts'],
};

/** Never loaded before a command asks for it. */
const lazy = [
  'undici',
  'yaml',
  'cli-table3',
  'cli-progress',
  'chalk',
  'lmdb',
  'conf',
  'zstddec',
  'xz-decompress',
];

/** Each takes a millisecond or more of the twenty that Node takes to start. */
const slow = ['child_process', 'crypto', 'fs/promises', 'http', 'https', 'readline', 'tls', 'zlib'].map(
  (name) => `node:${name}`,
);

interface Import {
  readonly file: string;
  /** Another file of the tree, or the name of a package. */
  readonly target: string;
  readonly dynamic: boolean;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.replaceAll('\\', '/'));

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found = [
    ...[...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm)].map(
      (it) => [it, false] as const,
    ),
    ...[...text.matchAll(/\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/g)].map((it) => [it, true] as const),
  ];
  return found
    .filter(([it]) => !onlyTypes(it[0]))
    .map(([it, dynamic]) => ({ file, target: resolve(file, it[1] ?? it[2] ?? ''), dynamic }));
});

/** `import { type A, type B } from` leaves nothing behind either. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined || /^import\s+\w/.test(statement)) return false;
  const words = names.split(',').map((name) => name.trim());
  return words.filter(Boolean).every((name) => name.startsWith('type '));
}

function resolve(file: string, target: string): string {
  if (target.startsWith('node:')) return target;
  if (target.startsWith('.')) return relative(root, join(root, dirname(file), target)).replaceAll('\\', '/');
  const [scope = '', name] = target.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

const layerOf = (file: string) => (file === 'errors.ts' ? 'errors' : (file.split('/')[0] ?? ''));
const isOurs = (target: string) => target.endsWith('.ts');

it('knowledge points down: no layer imports what stands above it', () => {
  const forbidden = imports
    .filter(({ target }) => isOurs(target))
    .filter(({ file, target }) => layerOf(file) !== layerOf(target))
    .filter(({ file, target }) => !allowed[layerOf(file)]?.includes(layerOf(target)))
    .map(({ file, target }) => `FORBIDDEN ${file} → ${target}`);
  expect(forbidden).toEqual([]);
});

it('each package has one door', () => {
  const side = imports
    .filter(({ target }) => !isOurs(target) && !target.startsWith('node:') && !target.endsWith('.json'))
    .filter(({ file, target }) => doors[target] !== undefined && !doors[target].includes(file))
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(side).toEqual([]);
});

/** What a file loads at once, with what that loads. */
function reach(...files: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const it of imports) if (it.file === file && !it.dynamic) visit(it.target);
  };
  files.forEach(visit);
  return [...reached];
}

it('nothing heavy is loaded before a command asks for it', () => {
  const reached = reach('cli/run.ts');
  expect(lazy.filter((name) => reached.includes(name))).toEqual([]);
  expect(reached.filter((file) => /^(commands|sandbox|glance|volumes|keystone|http)\//.test(file))).toEqual([
    'commands/index.ts',
  ]);
});

it('the commands in use most load none of the slow parts of Node', () => {
  const reached = reach(
    'cli/run.ts',
    'commands/image.ts',
    'cli/connect.ts',
    'http/wire.ts',
    'cli/render/table.ts',
  );
  expect(slow.filter((name) => reached.includes(name))).toEqual([]);
});

it('only the edge touches the process and the console', () => {
  const touching = files
    .filter((file) => !file.startsWith('cli/'))
    .filter((file) =>
      /(?<![.\w])(process|console)\.[a-z]/.test(withoutComments(readFileSync(join(root, file), 'utf8'))),
    );
  expect(touching).toEqual([]);
});

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
