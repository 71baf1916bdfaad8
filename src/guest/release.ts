import { readAt } from '../disk/bytes.ts';
import { linesIn } from './lines.ts';
import type { Tree } from './tree.ts';

/** What an operating system says of itself. */
export interface Release {
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  /** For programs: `debian`, and what it is like. */
  readonly id: string;
  readonly like: readonly string[];
  /** Empty where it has none. */
  readonly version: string;
  /** As uname says it; undefined where no program tells. */
  readonly architecture: string | undefined;
}

/** Reads os-release, and a program's header for the machine that it is for. */
export async function releaseOf(tree: Tree): Promise<Release> {
  const text = (await tree.text('/etc/os-release')) ?? (await tree.text('/usr/lib/os-release')) ?? '';
  const values = variablesIn(text);
  const cirros = (await tree.text('/etc/cirros/version'))?.trim();
  const id = cirros === undefined ? (values.get('ID') ?? 'linux') : 'cirros';
  const version = cirros ?? values.get('VERSION_ID') ?? '';
  return {
    name:
      cirros === undefined
        ? (values.get('PRETTY_NAME') ?? values.get('NAME') ?? 'Linux')
        : `CirrOS ${cirros}`,
    id,
    like: (values.get('ID_LIKE') ?? '').split(/\s+/).filter(Boolean),
    version,
    architecture: await architectureOf(tree),
  };
}

/** Assignments as a shell reads them, without its expansions. */
export function variablesIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of linesIn(text, 'A file of variables')) {
    const [, name, value = ''] = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line.text) ?? [];
    if (name !== undefined) found.set(name, unquoted(value));
  }
  return found;
}

const unquoted = (word: string) =>
  /^(["']).*\1$/.test(word) && word.length > 1
    ? word.slice(1, -1).replace(/\\(["'$`\\])/g, '$1')
    : (word.split(/\s#/, 1)[0] ?? '').trimEnd();

const programs = ['/bin/sh', '/bin/busybox', '/usr/bin/env', '/sbin/init', '/usr/sbin/sshd'];

// https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
const machines: Readonly<Record<number, string>> = {
  3: 'i686',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'armv7l',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
};

async function architectureOf(tree: Tree): Promise<string | undefined> {
  for (const path of programs) {
    const place = await tree.at(path);
    if (place?.node.kind !== 'file' || place.node.size < 20) continue;
    const head = await readAt(await place.node.content(), 0, 20);
    if (head.toString('latin1', 0, 4) !== '\x7fELF') continue;
    const little = head[5] === 1;
    const name = machines[little ? head.readUInt16LE(18) : head.readUInt16BE(18)];
    if (name !== undefined) return name === 'ppc64' && little ? 'ppc64le' : name;
  }
  return undefined;
}
