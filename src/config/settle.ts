import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { type SettingName, settingNames, settings, type Word } from './settings.ts';

/** What one source says. */
export type Words = ReadonlyMap<SettingName, Word>;

type Values = Map<SettingName, Word>;

/** The values that hold when the first of `layers` that has a word for a setting decides. */
export function settle(sources: readonly Words[], home: string | undefined, notes: string[]): Words {
  const layers = withOneScope(sources, notes);
  const values: Values = new Map();
  for (const name of settingNames) {
    const word = strongest(name, layers, notes);
    const { fallback, complete } = settings[name];
    if (word !== undefined) {
      const value = read(name, word);
      values.set(name, { ...word, word: complete === 'file' ? expandHome(value, home) : value });
    } else if (fallback !== undefined) {
      values.set(name, { word: fallback, origin: 'default' });
    }
  }
  fillRegion(values);
  fillDomains(values);
  settleTls(values, notes);
  return values;
}

/** What a login can be for; one of them. */
const scopes: readonly (readonly SettingName[])[] = [
  ['project_id', 'project_name', 'domain_id', 'domain_name'],
  ['system_scope'],
  ['trust_id'],
  ['unscoped'],
];

/** The same sources, but of the weaker ones only what belongs to the kind of scope that the strongest word names. */
function withOneScope(layers: readonly Words[], notes: string[]): readonly Words[] {
  const says = (layer: Words) => scopes.filter((scope) => scope.some((name) => layer.has(name)));
  const strongest = layers.findIndex((layer) => says(layer).length > 0);
  const wanted = layers[strongest] && says(layers[strongest]);
  return layers.map((layer, at) => {
    if (at <= strongest || wanted === undefined) return layer;
    const others = says(layer).filter((scope) => !wanted.includes(scope));
    const dropped = others.flat().filter((name) => layer.has(name));
    notes.push(
      ...dropped.map(
        (name) => `${name} of ${layer.get(name)?.origin} is ignored: a stronger word names another scope`,
      ),
    );
    return new Map([...layer].filter(([name]) => !dropped.includes(name)));
  });
}

/** Two words for one thing: a flag with a project's name is not to lose against a variable with another one's id. */
const rivals: readonly (readonly [SettingName, SettingName])[] = [
  ['user_id', 'username'],
  ['user_domain_id', 'user_domain_name'],
  ['project_id', 'project_name'],
  ['project_domain_id', 'project_domain_name'],
  ['default_domain_id', 'default_domain_name'],
  ['application_credential_id', 'application_credential_name'],
];

function strongest(name: SettingName, layers: readonly Words[], notes: string[]): Word | undefined {
  const rival = rivals.find((pair) => pair.includes(name))?.find((it) => it !== name);
  for (const layer of layers) {
    const word = layer.get(name);
    if (word !== undefined) return word;
    const other = rival && layer.get(rival);
    if (other === undefined) continue;
    const weaker = layers.find((it) => it.has(name))?.get(name);
    if (weaker) notes.push(`${name} of ${weaker.origin} is ignored: ${other.origin} says ${rival}`);
    return undefined;
  }
  return undefined;
}

function read(name: SettingName, { word, origin }: Word): string {
  try {
    return settings[name].read(word);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${origin}: ${error.message}`);
    throw error;
  }
}

const expandHome = (path: string, home: string | undefined) =>
  home !== undefined && /^~($|[/\\])/.test(path) ? join(home, path.slice(1)) : path;

/** Vendors of many regions write their name into the URL. */
function fillRegion(values: Values): void {
  const region = values.get('region_name')?.word ?? '';
  for (const name of ['auth_url', 'image_url'] as const) {
    const url = values.get(name);
    if (url) values.set(name, { ...url, word: url.word.replaceAll('{region_name}', () => region) });
  }
}

/** Beside a project, a domain is the user's and the project's; a default domain is theirs where they have none. */
function fillDomains(values: Values): void {
  const inProject = values.has('project_id') || values.has('project_name');
  for (const whose of ['user', 'project'] as const) {
    for (const by of ['id', 'name'] as const) {
      const domain = values.get(`domain_${by}`);
      if (inProject && domain && !values.has(`${whose}_domain_${by}`))
        values.set(`${whose}_domain_${by}`, domain);
    }
    if (values.has(`${whose}_domain_id`) || values.has(`${whose}_domain_name`)) continue;
    for (const by of ['id', 'name'] as const) {
      const domain = values.get(`default_domain_${by}`);
      if (domain) values.set(`${whose}_domain_${by}`, domain);
    }
  }
  if (inProject) {
    values.delete('domain_id');
    values.delete('domain_name');
  }
}

/** `verify` is the files' other word for `insecure`, which alone is left: 'true' or nothing. */
function settleTls(values: Values, notes: string[]): void {
  const verify = values.get('verify');
  if (verify?.word === 'false' && values.get('insecure')?.word !== 'true') {
    values.set('insecure', { word: 'true', origin: verify.origin });
  }
  values.delete('verify');
  if (values.get('insecure')?.word === 'false') values.delete('insecure');
  if (values.has('insecure') && values.has('cacert')) {
    notes.push("cacert has no effect: servers' certificates are not verified");
  }
}
