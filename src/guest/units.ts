import { linesOf } from './note.ts';
import { type Tree, targetOf } from './tree.ts';

/** Whether something starts by itself at boot, and the file that says so. */
export interface Enablement {
  readonly unit: string;
  readonly state: 'enabled' | 'disabled' | 'masked' | 'missing';
  /** What is evidence of it; empty where there is nothing. */
  readonly path: string;
}

const own = '/etc/systemd/system';
const bases = [own, '/usr/local/lib/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** The best of several names that one service has in different distributions: systemd's units, `NAME.service` and so on. */
export async function enablementOf(tree: Tree, ...units: readonly string[]): Promise<Enablement> {
  const found: Enablement[] = [];
  for (const unit of units) found.push(await one(tree, unit));
  const order = ['enabled', 'masked', 'disabled', 'missing'];
  const sorted = found.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return sorted[0] ?? { unit: '', state: 'missing', path: '' };
}

async function one(tree: Tree, unit: string): Promise<Enablement> {
  const name = unit.replace(/\.\w+$/, '');
  const rest = unit.endsWith('.service') ? await byScripts(tree, unit, name) : undefined;
  const file = await unitFile(tree, unit);
  if (file === undefined) return rest ?? { unit, state: 'missing', path: '' };
  if (await isMask(tree, `${own}/${unit}`)) return { unit, state: 'masked', path: `${own}/${unit}` };
  const wanted = await wantedUnits(tree);
  for (const alias of [unit, ...(await aliasesOf(tree, unit))]) {
    const path = wanted.get(alias);
    if (path !== undefined) return { unit, state: 'enabled', path };
  }
  const preset = (await isFirstBoot(tree)) ? await presetOf(tree, unit) : undefined;
  return preset === undefined
    ? { unit, state: 'disabled', path: file }
    : { unit, state: 'enabled', path: preset };
}

/** OpenRC's runlevels, and the numbered scripts of System V and CirrOS. */
async function byScripts(tree: Tree, unit: string, name: string): Promise<Enablement | undefined> {
  for (const level of await tree.names('/etc/runlevels')) {
    const path = `/etc/runlevels/${level}/${name}`;
    if ((await tree.at(path, { follow: false })) !== undefined) return { unit, state: 'enabled', path };
  }
  for (const level of [2, 3, 4, 5]) {
    const script = (await tree.names(`/etc/rc${level}.d`)).find(
      (it) => /^S\d\d-?/.test(it) && it.replace(/^S\d\d-?/, '') === name,
    );
    if (script !== undefined) return { unit, state: 'enabled', path: `/etc/rc${level}.d/${script}` };
  }
  const script = `/etc/init.d/${name}`;
  return (await tree.at(script)) === undefined ? undefined : { unit, state: 'disabled', path: script };
}

async function unitFile(tree: Tree, unit: string): Promise<string | undefined> {
  for (const base of bases) {
    if ((await tree.at(`${base}/${unit}`, { follow: false })) !== undefined) return `${base}/${unit}`;
  }
  return undefined;
}

/** A unit is masked by a link to /dev/null or by an empty file. */
async function isMask(tree: Tree, path: string): Promise<boolean> {
  const place = await tree.at(path, { follow: false });
  if (place?.node.kind === 'link') return (await targetOf(place.node, path)) === '/dev/null';
  return place?.node.kind === 'file' && place.node.size === 0;
}

const wantedIn = new WeakMap<Tree, Map<string, string>>();

/** Every unit that another one pulls in, and the link that says so. */
async function wantedUnits(tree: Tree): Promise<ReadonlyMap<string, string>> {
  const kept = wantedIn.get(tree);
  if (kept !== undefined) return kept;
  const found = new Map<string, string>();
  for (const base of bases) {
    for (const name of await tree.names(base)) {
      if (!/\.(wants|requires|upholds)$/.test(name)) continue;
      for (const unit of await tree.names(`${base}/${name}`)) {
        if (!found.has(unit)) found.set(unit, `${base}/${name}/${unit}`);
      }
    }
  }
  wantedIn.set(tree, found);
  return found;
}

/** Other names of a unit: links to its file. */
async function aliasesOf(tree: Tree, unit: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await tree.names(own)) {
    const place = await tree.at(`${own}/${name}`, { follow: false });
    if (place?.node.kind !== 'link') continue;
    if ((await targetOf(place.node, name)).endsWith(`/${unit}`)) found.push(name);
  }
  return found;
}

/** https://www.freedesktop.org/software/systemd/man/latest/machine-id.html: presets apply at the first boot only. */
async function isFirstBoot(tree: Tree): Promise<boolean> {
  const id = await tree.text('/etc/machine-id');
  return id === undefined || id.trim() === 'uninitialized';
}

/** The line that enables a unit at the first boot; the first one that fits counts, files in the order of their names. */
async function presetOf(tree: Tree, unit: string): Promise<string | undefined> {
  const files = new Map<string, string>();
  for (const base of ['/lib', '/usr/lib', '/usr/local/lib', '/etc']) {
    const directory = `${base}/systemd/system-preset`;
    for (const name of await tree.names(directory)) {
      if (name.endsWith('.preset')) files.set(name, `${directory}/${name}`);
    }
  }
  for (const name of [...files.keys()].sort()) {
    const path = files.get(name) ?? '';
    for (const { text, number } of await linesOf(tree, path)) {
      const [verb = '', pattern] = text.split(/\s+/);
      if (pattern === undefined || !/^(enable|disable|ignore)$/.test(verb) || !fits(unit, pattern)) continue;
      return verb === 'enable' ? `${path}:${number}` : undefined;
    }
  }
  return undefined;
}

/** Whether a name fits a pattern of `*` and `?`; a step at a time, as a pattern of somebody else's may be made to take long. */
function fits(name: string, pattern: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  let index = 0;
  while (index < name.length) {
    const letter = pattern[at];
    if (letter === '*') {
      star = at;
      retry = index;
      at += 1;
    } else if (letter === '?' || letter === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      retry += 1;
      index = retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
