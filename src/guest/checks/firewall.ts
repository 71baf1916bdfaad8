import { fits } from '../glob.ts';
import { type Check, evidenceOf, filesIn, type Line, linesOf, type Note } from '../note.ts';
import type { Tree } from '../tree.ts';
import { enablementOf, switching } from '../units.ts';

/** Security groups decide who may come in; what an image decides in addition, nobody finds. */
export const firewall: Check = {
  id: 'firewall',
  about: 'No firewall within the guest blocks what security groups allow',
  look: async ({ tree }) => {
    const notes: Note[] = [];
    for (const line of await linesOf(tree, '/etc/ufw/ufw.conf')) {
      // the unit is enabled everywhere, this line is what counts
      if (/^ENABLED\s*=\s*["']?yes/i.test(line.text)) {
        notes.push({
          verdict: 'fail',
          text: 'ufw is enabled',
          evidence: evidenceOf(line),
          advice: 'Run ufw disable; security groups do this.',
        });
      }
    }
    for (const path of await filesIn(tree, ['/etc/awall'], /\.json$/)) {
      const advice = `Run awall disable ${path.slice('/etc/awall/'.length, -'.json'.length)}.`;
      notes.push({ verdict: 'fail', text: 'a policy of awall is enabled', evidence: path, advice });
    }
    for (const name of ['firewalld', 'SuSEfirewall2', 'shorewall', 'shorewall6']) {
      const { state, unit, path } = await enablementOf(tree, `${name}.service`);
      if (state === 'enabled')
        notes.push({ verdict: 'fail', text: `${unit} is enabled`, evidence: path, advice: disable(unit) });
    }
    for (const name of Object.keys(ruleFiles)) notes.push(...(await packetFilter(tree, name)));
    return notes.length > 0 ? notes : [{ verdict: 'pass', text: 'none is enabled' }];
  },
};

const disable = (unit: string) => `Run ${switching('disable', unit)}; security groups do this.`;

const tables4 = ['/etc/iptables/rules.v4', '/etc/iptables/rules-save', '/etc/sysconfig/iptables'];
const tables6 = ['/etc/iptables/rules.v6', '/etc/iptables/rules6-save', '/etc/sysconfig/ip6tables'];

const ruleFiles: Readonly<Record<string, readonly string[]>> = {
  nftables: ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf', '/etc/nftables.nft'],
  iptables: tables4,
  ip6tables: tables6,
  'netfilter-persistent': [...tables4, ...tables6],
};

/** Services that load rules from a file, which may block or not. */
async function packetFilter(tree: Tree, name: string): Promise<Note[]> {
  const { state, unit, path } = await enablementOf(tree, `${name}.service`);
  if (state !== 'enabled') return [];
  for (const file of ruleFiles[name] ?? []) {
    const blocking = name === 'nftables' ? await dropped(tree, file) : await rejected(tree, file);
    if (blocking === undefined) continue;
    return [
      { verdict: 'fail', text: `${unit} blocks`, evidence: evidenceOf(blocking), advice: disable(unit) },
    ];
  }
  return [
    {
      verdict: 'warn',
      text: `${unit} is enabled; its rules block nothing`,
      evidence: path,
      advice: disable(unit),
    },
  ];
}

/** The first rule of iptables that lets something not in. */
const rejected = async (tree: Tree, file: string): Promise<Line | undefined> =>
  (await linesOf(tree, file)).find(({ text }) =>
    /^:INPUT\s+(DROP|REJECT)|^-[AI] INPUT\b.*-j\s+(DROP|REJECT)/.test(text),
  );

/** The same of nftables, in the files that a file includes, too; chains for what goes out or through do not count. */
async function dropped(tree: Tree, file: string, includes = true): Promise<Line | undefined> {
  let hook = 'input';
  for (const line of await linesOf(tree, file)) {
    const included = /^include\s+"([^"]+)"/.exec(line.text)?.[1];
    if (included !== undefined && includes) {
      for (const path of await matching(tree, included)) {
        const found = await dropped(tree, path, false);
        if (found !== undefined) return found;
      }
    }
    const words = line.text.replace(/"[^"]*"/g, '').replace(/#.*$/, '');
    if (/^(add\s+)?chain\b/.test(words)) hook = 'input';
    hook = /\bhook\s+(\w+)/.exec(words)?.[1] ?? hook;
    if (/\b(drop|reject)\b/.test(words) && /^(input|prerouting|ingress)$/.test(hook)) return line;
  }
  return undefined;
}

/** The files that nft includes by a pattern. */
async function matching(tree: Tree, pattern: string): Promise<string[]> {
  const path = pattern.startsWith('/') ? pattern : `/etc/${pattern}`;
  const [directory, last] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  const names = (await tree.names(directory)).filter((name) => fits(name, last));
  return names.map((name) => `${directory}/${name}`);
}
