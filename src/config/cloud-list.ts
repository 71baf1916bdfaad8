import { TglanceError } from '../errors.ts';
import { type CloudFiles, nameOfVariables, openFiles, readEntry, type Search } from './entry.ts';
import { resolveSettings, type Sources, saysWhere, type Values, valuesOf } from './resolve.ts';
import { settle } from './settle.ts';
import { wordsOfEntry, wordsOfVariables } from './words.ts';

/** What there is to say of a cloud without asking it. */
export interface ListedCloud {
  readonly name: string;
  /** It is the one that a command uses when nothing else is said. */
  readonly current: boolean;
  /** Where it is described: files, the stronger one first. */
  readonly from: readonly string[];
  /** Those to choose from, or the only one. */
  readonly regions: readonly string[];
  /** Undefined where nothing is known of them: of the sandbox, and of a cloud that cannot be used. */
  readonly settings: Values | undefined;
}

/**
 * Every cloud that can be named: the one of the variables, those of the files, and the sandbox. Nothing is sent, and
 * what is wrong with one of them is told.
 */
export async function listClouds(sources: Sources, tell: (line: string) => void): Promise<ListedCloud[]> {
  const search: Search = { place: sources, ask: undefined, notes: [], warnings: [] };
  const clouds = await openFiles(search);
  const found: Omit<ListedCloud, 'current'>[] = [];
  const variables = wordsOfVariables(sources.env);
  if (saysWhere(new Map(), variables)) {
    const regions = variables.get('region_name')?.word;
    found.push({
      name: nameOfVariables(sources.env),
      from: ['OS_* variables'],
      regions: regions === undefined ? [] : [regions],
      settings: valuesOf(settle([variables], sources.home, [])),
    });
  }
  const names = new Set([...clouds.files].reverse().flatMap((file) => file.names));
  for (const name of names) found.push(await ofFiles(name, clouds, search, tell));
  if (!names.has('sandbox')) {
    found.push({ name: 'sandbox', from: ['built in'], regions: [], settings: undefined });
  }
  const current = await currentName(sources);
  return found.map((it) => ({ ...it, current: it.name === current }));
}

/** The cloud that a command uses here, or undefined when it would ask for one. */
async function currentName(sources: Sources): Promise<string | undefined> {
  try {
    const { cloud, get } = await resolveSettings(sources);
    const named = get('auth_url') ?? get('image_url');
    return cloud ?? (named === undefined ? undefined : nameOfVariables(sources.env));
  } catch (error) {
    if (error instanceof TglanceError) return undefined;
    throw error;
  }
}

async function ofFiles(
  name: string,
  clouds: CloudFiles,
  search: Search,
  tell: (line: string) => void,
): Promise<Omit<ListedCloud, 'current'>> {
  const from = clouds.files.filter(({ names }) => names.includes(name)).map(({ path }) => path);
  try {
    const entry = await readEntry(name, undefined, clouds, search);
    const words = settle([wordsOfEntry(entry)], search.place.home, []);
    const region = words.get('region_name')?.word;
    const regions = entry.regions.length > 0 ? entry.regions : region === undefined ? [] : [region];
    return { name, from, regions, settings: valuesOf(words) };
  } catch (error) {
    if (!(error instanceof TglanceError)) throw error;
    tell(`Cloud ${name} cannot be used: ${error.message}`);
    return { name, from, regions: [], settings: undefined };
  }
}
