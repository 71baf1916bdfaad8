import {
  type Check,
  evidenceOf,
  firstOf,
  type Line,
  linesOf,
  linesOfAll,
  type Note,
  programIn,
} from '../note.ts';
import type { Tree } from '../tree.ts';
import { enablementOf } from '../units.ts';

/** The way into an instance. */
export const sshServer: Check = {
  id: 'ssh-server',
  about: 'An ssh server runs from boot on',
  look: async ({ tree }) => {
    const program = (await programIn(tree, 'sshd')) ?? (await programIn(tree, 'dropbear'));
    if (program === undefined) {
      const advice = 'Install openssh-server (apt, dnf), openssh (zypper, apk).';
      return [{ verdict: 'fail', text: 'no ssh server is installed', advice }];
    }
    const { state, unit, path } = await enablementOf(tree, ...units);
    if (state !== 'enabled') {
      const name = state === 'missing' ? `${program} has no service` : `${unit} is ${state}`;
      const advice = `systemctl ${state === 'masked' ? 'unmask' : 'enable'} ${unit}, or rc-update add sshd.`;
      return [{ verdict: 'fail', text: name, ...(path && { evidence: path }), advice }];
    }
    const stopped = await firstOf(tree, ['/etc/ssh/sshd_not_to_be_run']);
    if (stopped !== undefined) {
      return [
        { verdict: 'fail', text: 'it is told not to run', evidence: stopped, advice: `Remove ${stopped}.` },
      ];
    }
    const odd = await oddities(tree);
    return odd.length > 0 ? odd : [{ verdict: 'pass', text: `${unit} is enabled`, evidence: path }];
  },
};

const units = [
  'ssh.service',
  'sshd.service',
  'ssh.socket',
  'sshd.socket',
  'dropbear.service',
  'dropbear.socket',
];

/** What sshd is told, wherever; the first word on a matter counts. */
export const sshdLines = async (tree: Tree): Promise<Line[]> => [
  ...(await linesOfAll(tree, ['/etc/ssh/sshd_config.d', '/usr/etc/ssh/sshd_config.d'], /\.conf$/)),
  ...(await linesOf(tree, '/etc/ssh/sshd_config')),
  ...(await linesOf(tree, '/usr/etc/ssh/sshd_config')),
];

/** A server that answers only where nobody asks. */
async function oddities(tree: Tree): Promise<Note[]> {
  const lines = await sshdLines(tree);
  const of = (key: string) => lines.filter(({ text }) => text.toLowerCase().startsWith(`${key} `));
  const value = ({ text }: Line) => text.split(/\s+/)[1] ?? '';
  const [ports, addresses] = [of('port'), of('listenaddress')];
  const found: Note[] = [];
  const [port] = ports;
  if (port !== undefined && !ports.some((line) => value(line) === '22')) {
    found.push({
      verdict: 'warn',
      text: `it listens on port ${value(port)}`,
      evidence: evidenceOf(port),
      advice: 'Leave the port at 22, or open the other one in the security groups.',
    });
  }
  const [address] = addresses;
  if (address !== undefined && addresses.every((line) => /^(127\.|\[?::1|localhost)/.test(value(line)))) {
    found.push({
      verdict: 'warn',
      text: 'it listens on the loopback alone',
      evidence: evidenceOf(address),
      advice: 'Remove the ListenAddress line.',
    });
  }
  return found;
}
