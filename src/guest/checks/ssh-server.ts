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
import { enablementOf, switching } from '../units.ts';

/** The way into an instance. */
export const sshServer: Check = {
  id: 'ssh-server',
  about: 'An ssh server runs from boot on',
  look: async ({ tree }) => {
    const [sshd, dropbear] = [await programIn(tree, 'sshd'), await programIn(tree, 'dropbear')];
    const program = sshd ?? dropbear;
    if (program === undefined) {
      const advice = 'Install openssh-server (apt, dnf), openssh (zypper, apk).';
      return [{ verdict: 'fail', text: 'no ssh server is installed', advice }];
    }
    const units = [...(sshd ? ofSshd : []), ...(dropbear ? ofDropbear : [])];
    const { state, unit, path } = await enablementOf(tree, ...units);
    if (state !== 'enabled') {
      const text = state === 'missing' ? `${program} has no service` : `${unit} is ${state}`;
      const unmask = state === 'masked' ? `systemctl unmask ${unit} && ` : '';
      const advice = `Run ${unmask}${switching('enable', unit)}.`;
      return [{ verdict: 'fail', text, ...(path && { evidence: path }), advice }];
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

const ofSshd = ['ssh.service', 'sshd.service', 'ssh.socket', 'sshd.socket'];
const ofDropbear = ['dropbear.service', 'dropbear.socket'];

/** A line of sshd's configuration as what it sets. */
interface Setting extends Line {
  readonly key: string;
  readonly value: string;
}

/** What sshd is told for everybody, wherever; the first word on a matter counts. */
export async function sshdSettings(tree: Tree): Promise<Setting[]> {
  const lines = [
    await linesOfAll(tree, ['/etc/ssh/sshd_config.d', '/usr/etc/ssh/sshd_config.d'], /\.conf$/),
    await linesOf(tree, '/etc/ssh/sshd_config'),
    await linesOf(tree, '/usr/etc/ssh/sshd_config'),
  ].flat();
  const found: Setting[] = [];
  let conditional = '';
  for (const line of lines) {
    const [, key = '', value = ''] = /^(\w+)\s*[\s=]\s*"?([^\s"]*)/.exec(line.text) ?? [];
    // from there on the lines of a file are for some people only
    if (/^match$/i.test(key)) conditional = line.path;
    if (line.path !== conditional) found.push({ ...line, key: key.toLowerCase(), value });
  }
  return found;
}

/** A server that answers only where nobody asks. */
async function oddities(tree: Tree): Promise<Note[]> {
  const settings = await sshdSettings(tree);
  const of = (key: string) => settings.filter((it) => it.key === key);
  const [ports, addresses] = [of('port'), of('listenaddress')];
  const found: Note[] = [];
  const [port] = ports;
  if (port !== undefined && !ports.some(({ value }) => value === '22')) {
    found.push({
      verdict: 'warn',
      text: `it listens on port ${port.value}`,
      evidence: evidenceOf(port),
      advice: 'Leave the port at 22, or open the other one in the security groups.',
    });
  }
  const [address] = addresses;
  if (address !== undefined && addresses.every(({ value }) => /^(127\.|\[?::1|localhost)/.test(value))) {
    found.push({
      verdict: 'warn',
      text: 'it listens on the loopback alone',
      evidence: evidenceOf(address),
      advice: 'Remove the ListenAddress line.',
    });
  }
  return found;
}
