import { fits } from './glob.ts';
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
  const script = unit.endsWith('.service') ? await byScripts(tree, nameOf(unit)) : undefined;
  const file = await unitFile(tree, unit);
  // packages bring units to systems of OpenRC, too, where nothing reads them
  if (script !== undefined && (file === undefined || (await tree.names('/etc/runlevels')).length > 0))
    return script;
  if (file === undefined) return { unit, state: 'missing', path: '' };
  const mask = (await maskOf(tree, file)) ?? (await maskOfService(tree, unit, file));
  if (mask !== undefined) return { unit, state: 'masked', path: mask };
  const wanted = await wantedUnits(tree);
  for (const alias of [unit, ...(await aliasesOf(tree, unit))]) {
    const path = wanted.get(alias);
    if (path !== undefined) return { unit, state: 'enabled', path };
  }
  const preset = (await isFirstBoot(tree)) ? await presetOf(tree, unit, file) : undefined;
  return preset === undefined
    ? { unit, state: 'disabled', path: file }
    : { unit, state: 'enabled', path: preset };
}

const nameOf = (unit: string): string => unit.replace(/\.\w+$/, '');

/** The command that has a service start by itself, or no longer, in the words of its init system. */
export function switching(how: 'enable' | 'disable', unit: string): string {
  if (unit.includes('.')) return `systemctl ${how}${how === 'disable' ? ' --now' : ''} ${unit}`;
  return `rc-update ${how === 'enable' ? 'add' : 'del'} ${unit}`;
}

/** OpenRC's runlevels, and the numbered scripts of System V and CirrOS. */
async function byScripts(tree: Tree, unit: string): Promise<Enablement | undefined> {
  for (const level of await tree.names('/etc/runlevels')) {
    const path = `/etc/runlevels/${level}/${unit}`;
    if ((await tree.at(path, { follow: false })) !== undefined) return { unit, state: 'enabled', path };
  }
  for (const level of [2, 3, 4, 5]) {
    const script = (await tree.names(`/etc/rc${level}.d`)).find(
      (it) => /^S\d\d-?/.test(it) && it.replace(/^S\d\d-?/, '') === unit,
    );
    if (script !== undefined) return { unit, state: 'enabled', path: `/etc/rc${level}.d/${script}` };
  }
  const script = `/etc/init.d/${unit}`;
  return (await tree.at(script)) === undefined ? undefined : { unit, state: 'disabled', path: script };
}

async function unitFile(tree: Tree, unit: string): Promise<string | undefined> {
  for (const base of bases) {
    if ((await tree.at(`${base}/${unit}`, { follow: false })) !== undefined) return `${base}/${unit}`;
  }
  return undefined;
}

/** What masks a unit: a link to /dev/null or an empty file in its place, or in that of the unit whose other name it is. */
async function maskOf(tree: Tree, path: string, isAlias = false): Promise<string | undefined> {
  const place = await tree.at(path, { follow: false });
  if (place?.node.kind === 'file') return place.node.size === 0 ? path : undefined;
  if (place?.node.kind !== 'link') return undefined;
  const target = await targetOf(place.node, path);
  if (target === '/dev/null') return path;
  return isAlias ? undefined : maskOf(tree, `${own}/${target.slice(target.lastIndexOf('/') + 1)}`, true);
}

/** A socket is of no use without its service, unless each connection has a service of its own. */
async function maskOfService(tree: Tree, unit: string, file: string): Promise<string | undefined> {
  if (!unit.endsWith('.socket')) return undefined;
  const alone = /^Accept\s*=\s*(yes|true|on|1)\s*$/im.test((await tree.text(file)) ?? '');
  return alone ? undefined : maskOf(tree, `${own}/${nameOf(unit)}.service`);
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
async function presetOf(tree: Tree, unit: string, file: string): Promise<string | undefined> {
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
  // whatever can be enabled is, where no line says otherwise
  return /^\[Install\]/m.test((await tree.text(file)) ?? '') ? file : undefined;
}
