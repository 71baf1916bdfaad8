import { MissingSetting, UsageError } from '../errors.ts';
import type { CloudFile } from './clouds.ts';
import { type AskVendor, findProfile } from './profile.ts';
import { chooseRegion, regionsOf } from './regions.ts';
import { type FileKind, findFile, type Place, searchPath } from './search.ts';
import { lookUp, type Section } from './section.ts';
import { settings, type Word } from './settings.ts';

/** A cloud and what the files say of it, the stronger word first; nothing for the sandbox that is built in. */
export interface CloudEntry {
  readonly name: string;
  readonly sections: readonly Section[];
  /** The regions to choose from, where somebody lists them. */
  readonly regions: readonly string[];
}

/** Where clouds are looked for, and what there is to say of the search. */
export interface Search {
  readonly place: Place;
  /** Missing where nothing is to be sent. */
  readonly ask: AskVendor | undefined;
  /** What was ignored and why. */
  readonly notes: string[];
  /** What a person should know. */
  readonly warnings: string[];
}

/** The clouds that the files have. */
export interface CloudFiles {
  /** The stronger one first. */
  readonly files: readonly CloudFile[];
  readonly names: ReadonlySet<string>;
}

/** Reads the files in which clouds are described. */
export async function openFiles({ place, notes }: Search): Promise<CloudFiles> {
  const secure = await readFile('secure', place, notes);
  const clouds = await readFile('clouds', place, notes);
  const files = [secure, clouds].filter((file) => file !== undefined);
  const names = new Set(files.flatMap((file) => file.names));
  refuseNameOfVariables(names, files, place);
  return { files, names };
}

/** The cloud that was named, else the only one that the files have, else undefined. */
export async function findCloud(
  named: Word | undefined,
  region: Word | undefined,
  search: Search,
): Promise<CloudEntry | undefined> {
  const clouds = await openFiles(search);
  const name = named?.word ?? onlyOne(clouds);
  if (name === undefined) return undefined;
  if (clouds.names.has(name)) return readEntry(name, region, clouds, search);
  if (name === 'sandbox') return { name, sections: [], regions: [] };
  const others =
    clouds.names.size > 0
      ? `and ${listing(clouds)}`
      : `only: no clouds.yaml in ${searchPath(search.place).join(', ')}`;
  const who = named?.origin.startsWith('saved') ? `${name} (${named.origin})` : name;
  throw new UsageError(`Cloud ${who} was not found; there is sandbox (built in) ${others}`);
}

/** What the files, and the vendor's profile, say of a cloud that is in them. */
export async function readEntry(
  name: string,
  region: Word | undefined,
  { files }: CloudFiles,
  { place, ask, notes, warnings }: Search,
): Promise<CloudEntry> {
  noteOpenFiles(name, files, notes);
  const own = files.flatMap((file) => file.section(name) ?? []);
  const profile = lookUp(own, ['profile', 'cloud']);
  const vendor =
    profile === undefined
      ? []
      : await findProfile(profile, own, {
          file: await readFile('clouds-public', place, notes),
          ask,
          notes,
          warnings,
        });
  const known = regionsOf(own) ?? regionsOf(vendor) ?? [];
  const chosen = chooseRegion(name, known, region);
  return {
    name,
    sections: [...(chosen ? [chosen] : []), ...own, ...vendor],
    regions: known.flatMap((it) => it.text('region_name') ?? []),
  };
}

/** Every cloud that can be named: those of the files, and the sandbox that is built in. */
export async function cloudNames(place: Place): Promise<string[]> {
  const files = [await readFile('secure', place, []), await readFile('clouds', place, [])];
  return [...new Set(['sandbox', ...files.flatMap((file) => file?.names ?? [])])];
}

async function readFile(kind: FileKind, place: Place, notes: string[]): Promise<CloudFile | undefined> {
  const file = findFile(kind, place, notes);
  if (file === undefined) return undefined;
  const { readClouds } = await import('./clouds.ts');
  return readClouds(file, kind === 'clouds-public' ? 'public-clouds' : 'clouds');
}

function refuseNameOfVariables(
  names: ReadonlySet<string>,
  files: readonly CloudFile[],
  { env }: Place,
): void {
  const variables = nameOfVariables(env);
  if (!names.has(variables)) return;
  const where = files
    .find((file) => file.names.includes(variables))
    ?.section(variables)
    ?.where('');
  throw new UsageError(
    `${where}: ${variables} is the name of the cloud that OS_* variables describe; choose another, or set OS_CLOUD_NAME`,
  );
}

/** What the cloud is called that OS_* variables describe. */
export const nameOfVariables = (env: Place['env']): string => env.OS_CLOUD_NAME || 'envvars';

function onlyOne(clouds: CloudFiles): string | undefined {
  const [name, ...others] = clouds.names;
  if (others.length === 0) return name;
  throw new MissingSetting(`Choose a cloud with --os-cloud or OS_CLOUD: ${listing(clouds)}`);
}

const listing = ({ names, files }: CloudFiles) =>
  `${[...names].sort().join(', ')} (${files.map(({ path }) => path).join(', ')})`;

const secretKeys = Object.values(settings).flatMap(({ secret, cloud }) => (secret ? cloud : []));

function noteOpenFiles(cloud: string, files: readonly CloudFile[], notes: string[]): void {
  for (const file of files) {
    const section = file.section(cloud);
    if (file.open && section && lookUp([section], secretKeys)) {
      notes.push(`${file.path} has secrets of cloud '${cloud}' and is open to others`);
    }
  }
}
