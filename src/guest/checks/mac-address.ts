import { type Check, evidenceOf, filesIn, type Line, linesOf, linesOfAll, type Note } from '../note.ts';
import { type Tree, targetOf } from '../tree.ts';

/** Every instance has a network card of another address. */
export const macAddress: Check = {
  id: 'mac-address',
  about: 'No address of a network card is written down',
  look: async ({ tree }) => {
    const notes: Note[] = [];
    for (const place of places) notes.push(...(await written(tree, place)));
    notes.push(...(await generator(tree)));
    return notes.length > 0 ? notes : [{ verdict: 'pass', text: 'none is written down' }];
  },
};

/** Where an address does harm: files, and what of a line is one. */
interface Place {
  readonly directories: readonly string[];
  readonly name: RegExp;
  readonly line: RegExp;
  readonly advice: string;
}

const mac = '((?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2})';
const rule = (text: string) => new RegExp(text.replaceAll('<mac>', mac), 'i');
/** A setting of YAML, in a line of its own or among braces, and not in a comment. */
const yaml = (name: string) => String.raw`^[^#]*\b${name}["']?\s*:\s*["']?<mac>`;
const drop = (what: string) => `Remove the ${what} line.`;

const places: readonly Place[] = [
  {
    directories: ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'],
    name: /\.rules$/,
    line: rule(String.raw`^(?=.*\bNAME\b).*ATTRS?\{address\}==\s*"<mac>"`),
    advice: 'Empty the file, and keep it, so that no other one is made.',
  },
  {
    directories: ['/etc/sysconfig/network-scripts', '/etc/sysconfig/network'],
    name: /^ifcfg-/,
    line: rule(String.raw`^(?:HWADDR|MACADDR|LLADDR)\s*=\s*["']?<mac>`),
    advice: drop('HWADDR, MACADDR or LLADDR'),
  },
  {
    directories: ['/etc/netplan', '/usr/lib/netplan'],
    name: /\.ya?ml$/,
    line: rule(yaml('macaddress')),
    advice: drop('macaddress'),
  },
  {
    directories: ['/etc/cloud/cloud.cfg.d'],
    name: /\.cfg$/,
    line: rule(yaml('mac_?address')),
    advice: drop('mac_address'),
  },
  {
    directories: ['/etc/NetworkManager/system-connections', '/usr/lib/NetworkManager/system-connections'],
    name: /./,
    line: rule('^(?:cloned-)?mac-address\\s*=\\s*<mac>'),
    advice: drop('mac-address'),
  },
  {
    directories: ['/etc/systemd/network', '/usr/lib/systemd/network'],
    name: /\.(network|link|netdev)$/,
    line: rule(String.raw`^(?:Permanent)?MACAddress\s*=\s*<mac>`),
    advice: drop('MACAddress'),
  },
  {
    directories: ['/etc/network/interfaces.d'],
    name: /./,
    line: rule(String.raw`^hwaddress\s+(?:ether\s+)?<mac>`),
    advice: drop('hwaddress'),
  },
];

const interfaces = '/etc/network/interfaces';

async function written(tree: Tree, { directories, name, line, advice }: Place): Promise<Note[]> {
  const lines = await linesOfAll(tree, directories, name);
  if (directories.includes(`${interfaces}.d`))
    for (const it of await linesOf(tree, interfaces)) lines.push(it);
  const found: Note[] = [];
  for (const it of lines) {
    const address = line.exec(it.text)?.slice(1).find(Boolean);
    if (address === undefined || !isOfACard(address)) continue;
    const leftover = await isLeftover(tree, it);
    found.push({
      verdict: leftover ? 'warn' : 'fail',
      text: leftover
        ? `${address} is left over; cloud-init writes the file anew`
        : `${address} is written down in ${it.path.slice(it.path.lastIndexOf('/') + 1)}`,
      evidence: evidenceOf(it),
      advice: leftover ? 'Run cloud-init clean before the image is made.' : advice,
    });
  }
  return found;
}

/** Addresses of groups, and the one of zeros, are no card's. */
const isOfACard = (address: string): boolean =>
  (Number.parseInt(address.slice(0, 2), 16) & 1) === 0 && !/^00([:-]00){5}$/.test(address);

const isLeftover = async (tree: Tree, { path }: Line): Promise<boolean> =>
  path.endsWith('/50-cloud-init.yaml') &&
  (await tree.at('/var/lib/cloud/instance', { follow: false })) !== undefined;

const generatorName = '75-persistent-net-generator.rules';

/** Rules that write the address down at the first boot, unless an empty file or a link to nothing stands in for them. */
async function generator(tree: Tree): Promise<Note[]> {
  const own = await tree.at(`/etc/udev/rules.d/${generatorName}`, { follow: false });
  const silenced =
    own !== undefined &&
    (own.node.kind === 'link' ? (await targetOf(own.node, own.path)) === '/dev/null' : own.node.size === 0);
  if (silenced) return [];
  const paths = await filesIn(
    tree,
    ['/etc/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d'],
    /^75-persistent-net-generator\.rules$/,
  );
  const [path] = paths;
  if (path === undefined || (await linesOf(tree, path)).length === 0) return [];
  return [
    {
      verdict: 'warn',
      text: 'the first boot writes the address of its card down',
      evidence: path,
      advice: `Put an empty /etc/udev/rules.d/${generatorName} there.`,
    },
  ];
}
