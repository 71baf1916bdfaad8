import { type CloudInit, cloudInitOf, isSettings, notInstalled } from '../cloud-init.ts';
import type { Guest } from '../guest.ts';
import { type Check, evidenceOf, firstOf, linesOf, linesOfAll, type Note } from '../note.ts';
import type { Tree } from '../tree.ts';
import { enablementOf } from '../units.ts';
import { sshdLines } from './ssh-server.ts';

/** Nobody knows a password of an instance: its user comes in by the key that the cloud hands over. */
export const sshKey: Check = {
  id: 'ssh-key',
  about: 'The ssh key of the user is put in place at the first boot',
  look: async (guest) => {
    const other = await otherThan(guest, true);
    if (other !== undefined) return other;
    const cloud = await cloudInitOf(guest);
    const closed = (await sshdLines(guest.tree)).find(({ text }) =>
      /^PubkeyAuthentication\s+no\b/i.test(text),
    );
    const notes: Note[] = [];
    if (closed !== undefined) {
      notes.push({
        verdict: 'fail',
        text: 'sshd takes no keys',
        evidence: evidenceOf(closed),
        advice: 'Remove PubkeyAuthentication no.',
      });
    }
    if (cloud.program === undefined) return [...notes, ...(await ownFetch(guest.tree))];
    notes.push(...cloud.hindrances);
    if (!cloud.runs('ssh')) notes.push(lacks(cloud, 'ssh', 'cloud_init_modules'));
    const user = defaultUser(cloud);
    if (user === undefined) {
      notes.push({
        verdict: 'fail',
        text: 'there is no default user to have the key',
        evidence: cloud.origin('users'),
        advice: 'Set users: [default] and system_info: {default_user: {name: …}}.',
      });
    }
    return notes.length > 0
      ? notes
      : [{ verdict: 'pass', text: `cloud-init gives it to ${user}`, evidence: cloud.origin('system_info') }];
  },
};

const lacks = (cloud: CloudInit, module: string, list: string): Note => ({
  verdict: 'fail',
  text: `cloud-init does not run ${module}`,
  evidence: cloud.origin(list),
  advice: `Add ${module} to ${list}.`,
});

/** Who gets the key: the first of the users, which is the distribution's own where it is called default. */
function defaultUser(cloud: CloudInit): string | undefined {
  const distribution = cloud.setting('system_info', 'default_user');
  const name = isSettings(distribution) ? distribution.name : undefined;
  const own = cloud.setting('user');
  if (isSettings(own) ? own.name !== undefined : typeof own === 'string')
    return String(isSettings(own) ? own.name : own);
  const users = cloud.setting('users');
  if (users === undefined) return name === undefined ? undefined : String(name);
  const words = (Array.isArray(users) ? users : typeof users === 'string' ? users.split(/,\s*/) : []).map(
    String,
  );
  return words.includes('default') ? String(name ?? 'the default user') : undefined;
}

const magicAddress = /169\.254\.169\.254\/\S*public-keys/;

/** Images from before cloud-init fetch the key themselves. */
async function ownFetch(tree: Tree): Promise<Note[]> {
  const lines = [
    ...(await linesOf(tree, '/etc/rc.local')),
    ...(await linesOf(tree, '/etc/rc.d/rc.local')),
    ...(await linesOfAll(
      tree,
      ['/etc/systemd/system', '/usr/local/bin', '/usr/local/sbin', '/etc/init.d'],
      /./,
    )),
  ];
  const found = lines.find(({ text }) => magicAddress.test(text));
  if (found === undefined) return [notInstalled];
  return [
    {
      verdict: 'warn',
      text: 'a script of its own fetches it, without user data',
      evidence: evidenceOf(found),
      advice: 'Install cloud-init.',
    },
  ];
}

/** Scripts and settings that a user hands over have to be done. */
export const userData: Check = {
  id: 'user-data',
  about: 'User data and other metadata of the cloud are processed',
  look: async (guest) => {
    const other = await otherThan(guest, false);
    if (other !== undefined) return other;
    const cloud = await cloudInitOf(guest);
    if (cloud.program === undefined) return cloud.hindrances;
    const notes = [...cloud.hindrances, ...(await sources(guest.tree, cloud))];
    if (!cloud.runs('scripts_user')) notes.push(lacks(cloud, 'scripts_user', 'cloud_final_modules'));
    if (notes.some(({ verdict }) => verdict !== 'pass'))
      return notes.filter(({ verdict }) => verdict !== 'pass');
    return notes.length > 0 ? notes : [{ verdict: 'pass', text: 'cloud-init looks for every data source' }];
  },
};

const identify = '/etc/cloud/ds-identify.cfg';
const sourceAdvice = 'Set datasource_list: [ ConfigDrive, OpenStack, None ].';

/** Which clouds cloud-init looks for. */
async function sources(tree: Tree, cloud: CloudInit): Promise<Note[]> {
  const forced = (await linesOf(tree, identify)).find(({ text }) => /^datasource:/.test(text));
  if (forced !== undefined) {
    const fits = /OpenStack|ConfigDrive/.test(forced.text);
    return fits
      ? [
          {
            verdict: 'pass',
            text: `the data source is fixed${forced.text.slice('datasource'.length)}`,
            evidence: evidenceOf(forced),
          },
        ]
      : [
          {
            verdict: 'fail',
            text: 'the data source is fixed to another cloud',
            evidence: evidenceOf(forced),
            advice: sourceAdvice,
          },
        ];
  }
  const list = cloud.setting('datasource_list');
  if (list === undefined) return [];
  const names = (Array.isArray(list) ? list : [list]).map(String);
  const path = cloud.origin('datasource_list');
  const line = (await linesOf(tree, path)).find(({ text }) => text.startsWith('datasource_list'));
  const evidence = line === undefined ? path : evidenceOf(line);
  const ours = names.filter((name) => name === 'OpenStack' || name === 'ConfigDrive');
  if (ours.length > 0) {
    // a shell script reads the list before cloud-init does, and only from one line
    if (line !== undefined && !/\[.*\]/.test(line.text)) {
      return [
        {
          verdict: 'warn',
          text: 'the list of data sources is on several lines, which ds-identify does not read',
          evidence,
          advice: sourceAdvice,
        },
      ];
    }
    return [{ verdict: 'pass', text: `data sources include ${ours.join(', ')}`, evidence }];
  }
  if (names.includes('Ec2')) {
    return [
      {
        verdict: 'warn',
        text: 'it looks for Ec2 only, which OpenStack is not always taken for',
        evidence,
        advice: sourceAdvice,
      },
    ];
  }
  return [
    { verdict: 'fail', text: `the data sources are ${names.join(', ')}`, evidence, advice: sourceAdvice },
  ];
}

/** Other programs that do the same; undefined where there are none. */
async function otherThan({ tree, form }: Guest, key: boolean): Promise<Note[] | undefined> {
  const cirros = await enablementOf(
    tree,
    'cirros-userdata.service',
    'cirros-net-ds.service',
    'cirros-ds-net.service',
  );
  if (form === 'initramfs' || cirros.state === 'enabled') {
    const settings = await firstOf(tree, ['/etc/cirros-init/config']);
    if (settings !== undefined || cirros.state === 'enabled') {
      return [{ verdict: 'pass', text: 'cirros-init does', evidence: settings ?? cirros.path }];
    }
  }
  const tiny = await enablementOf(
    tree,
    'tiny-cloud-main.service',
    'tiny-cloud-final.service',
    'tiny-cloud.service',
  );
  if (tiny.state === 'enabled') return [{ verdict: 'pass', text: 'tiny-cloud does', evidence: tiny.path }];
  const ignition = await firstOf(tree, [
    '/usr/lib/dracut/modules.d/30ignition',
    '/usr/libexec/ignition',
    '/usr/bin/ignition',
    '/usr/lib/systemd/system/afterburn-sshkeys@.service',
  ]);
  if (ignition === undefined || (await firstOf(tree, ['/usr/bin/cloud-init'])) !== undefined)
    return undefined;
  return [{ verdict: 'pass', text: key ? 'Ignition and afterburn do' : 'Ignition does', evidence: ignition }];
}
