import { type Check, evidenceOf, filesIn, linesOf, type Note } from '../note.ts';
import type { Tree } from '../tree.ts';
import { enablementOf } from '../units.ts';

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
    for (const name of ['firewalld', 'SuSEfirewall2', 'shorewall', 'awall']) {
      const { state, unit, path } = await enablementOf(tree, `${name}.service`);
      if (state === 'enabled')
        notes.push({ verdict: 'fail', text: `${unit} is enabled`, evidence: path, advice: disable(unit) });
    }
    for (const name of Object.keys(ruleFiles)) notes.push(...(await packetFilter(tree, name)));
    return notes.length > 0 ? notes : [{ verdict: 'pass', text: 'none is enabled' }];
  },
};

const disable = (unit: string) => `Run systemctl disable --now ${unit}; security groups do this.`;

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
  const files = [...(ruleFiles[name] ?? [])];
  if (name === 'nftables')
    files.push(...(await filesIn(tree, ['/etc/nftables', '/etc/nftables.d'], /\.(nft|conf)$/)));
  for (const file of files) {
    const blocking = (await linesOf(tree, file)).find(({ text }) => blocks(text));
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

/** A rule, of nftables or of iptables, that lets something not in. */
const blocks = (line: string): boolean =>
  line.startsWith(':') || line.startsWith('-')
    ? /^:INPUT\s+(DROP|REJECT)|^-[AI] INPUT\b.*-j\s+(DROP|REJECT)/.test(line)
    : /\b(policy\s+drop|drop|reject)\b/.test(line);
