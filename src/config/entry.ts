import { MissingSetting, UsageError } from '../errors.ts';
import type { CloudFile } from './clouds.ts';
import { chooseRegion } from './regions.ts';
import { type FileKind, findFile, type Place, searchPath } from './search.ts';
import { lookUp, type Section } from './section.ts';
import { settings, type Word } from './settings.ts';

/** A cloud and what the files say of it, the stronger word first; nothing for the sandbox that is built in. */
export interface CloudEntry {
  readonly name: string;
  readonly sections: readonly Section[];
}

/** The cloud called `named`, else the only one that the files have, else undefined. */
export async function findCloud(
  named: string | undefined,
  region: Word | undefined,
  place: Place,
  notes: string[],
): Promise<CloudEntry | undefined> {
  const secure = await readFile('secure', place, notes);
  const clouds = await readFile('clouds', place, notes);
  const files = [secure, clouds].filter((file) => file !== undefined);
  const names = new Set(files.flatMap((file) => file.names));
  refuseNameOfVariables(names, files, place);
  const name = named ?? onlyOne(names, files);
  if (name === undefined) return undefined;
  if (!names.has(name)) {
    if (name === 'sandbox') return { name, sections: [] };
    const others =
      names.size > 0
        ? `and ${listing(names, files)}`
        : `only: no clouds.yaml in ${searchPath(place).join(', ')}`;
    throw new UsageError(`Cloud ${name} was not found; there is sandbox (built in) ${others}`);
  }
  noteOpenFiles(name, files, notes);
  const own = files.flatMap((file) => file.section(name) ?? []);
  const profile = await findProfile(name, own, place, notes);
  const chosen = chooseRegion(name, own, profile, region);
  return { name, sections: [...(chosen ? [chosen] : []), ...own, ...profile] };
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
  const variables = env.OS_CLOUD_NAME || 'envvars';
  if (!names.has(variables)) return;
  const where = files
    .find((file) => file.names.includes(variables))
    ?.section(variables)
    ?.where('');
  throw new UsageError(
    `${where}: ${variables} is the name of the cloud that OS_* variables describe; choose another, or set OS_CLOUD_NAME`,
  );
}

function onlyOne(names: ReadonlySet<string>, files: readonly CloudFile[]): string | undefined {
  const [name, ...others] = names;
  if (others.length === 0) return name;
  throw new MissingSetting(`Choose a cloud with --os-cloud or OS_CLOUD: ${listing(names, files)}`);
}

const listing = (names: ReadonlySet<string>, files: readonly CloudFile[]) =>
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

/** What a vendor says of all its clouds; the cloud's own words stand above it. */
async function findProfile(
  cloud: string,
  own: readonly Section[],
  place: Place,
  notes: string[],
): Promise<Section[]> {
  const wanted = lookUp(own, ['profile', 'cloud'])?.word;
  if (wanted === undefined) return [];
  const profile = (await readFile('clouds-public', place, notes))?.section(wanted);
  if (profile !== undefined) return [profile];
  const problem = `profile ${wanted} of cloud ${cloud} is in no clouds-public.yaml`;
  if (lookUp(own, ['auth.auth_url']) === undefined) throw new MissingSetting(`The ${problem}`);
  notes.push(`the ${problem}`);
  return [];
}
