import { type CloudInit, cloudInitOf, isSettings, notInstalled } from '../cloud-init.ts';
import type { Guest } from '../guest.ts';
import { type Check, evidenceOf, filesIn, firstOf, linesOf, type Note } from '../note.ts';
import type { Tree } from '../tree.ts';
import { enablementOf } from '../units.ts';
import { sshdSettings } from './ssh-server.ts';

/** Nobody knows a password of an instance: its user comes in by the key that the cloud hands over. */
export const sshKey: Check = {
  id: 'ssh-key',
  about: 'The ssh key of the user is put in place at the first boot',
  look: async (guest) => {
    const closed = (await sshdSettings(guest.tree)).find(({ key }) => key === 'pubkeyauthentication');
    const notes: Note[] = [];
    if (closed?.value.toLowerCase() === 'no') {
      notes.push({
        verdict: 'fail',
        text: 'sshd takes no keys',
        evidence: evidenceOf(closed),
        advice: 'Remove PubkeyAuthentication no.',
      });
    }
    const other = await keyWithoutCloudInit(guest);
    if (other !== undefined) return [...notes, ...other];
    const cloud = await cloudInitOf(guest);
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

/** Images from before cloud-init fetch the key themselves. */
async function ownFetch(tree: Tree): Promise<Note[]> {
  const directories = ['/etc/systemd/system', '/usr/local/bin', '/usr/local/sbin', '/etc/init.d'];
  for (const path of ['/etc/rc.local', '/etc/rc.d/rc.local', ...(await filesIn(tree, directories, /./))]) {
    const lines = await linesOf(tree, path);
    const found = lines.find(({ text }) => text.includes('public-keys'));
    if (found === undefined || !lines.some(({ text }) => text.includes('169.254.169.254'))) continue;
    return [
      {
        verdict: 'warn',
        text: 'a script of its own fetches it, without user data',
        evidence: evidenceOf(found),
        advice: 'Install cloud-init.',
      },
    ];
  }
  return [notInstalled];
}

/** Scripts and settings that a user hands over have to be done. */
export const userData: Check = {
  id: 'user-data',
  about: 'User data and other metadata of the cloud are processed',
  look: async (guest) => {
    const other = await dataWithoutCloudInit(guest);
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

const ignitionAt = ['/usr/lib/dracut/modules.d/30ignition', '/usr/libexec/ignition', '/usr/bin/ignition'];
const afterburn = '/usr/lib/systemd/system/afterburn-sshkeys@.service';

/** What else puts the key in place; undefined where cloud-init has to. */
async function keyWithoutCloudInit(guest: Guest): Promise<Note[] | undefined> {
  const { tree } = guest;
  const other = await otherThan(guest);
  if (other !== undefined) return other;
  const ignition = await ignitionIn(tree);
  if (ignition === undefined) return undefined;
  const evidence = await firstOf(tree, [afterburn]);
  if (evidence !== undefined) return [{ verdict: 'pass', text: 'Ignition and afterburn do', evidence }];
  return [
    {
      verdict: 'fail',
      text: 'Ignition alone knows no key but those in user data',
      evidence: ignition,
      advice: 'Install afterburn and enable its afterburn-sshkeys@.service.',
    },
  ];
}

/** What else processes user data; undefined where cloud-init has to. */
async function dataWithoutCloudInit(guest: Guest): Promise<Note[] | undefined> {
  const other = await otherThan(guest);
  if (other !== undefined) return other;
  const evidence = await ignitionIn(guest.tree);
  return evidence === undefined ? undefined : [{ verdict: 'pass', text: 'Ignition does', evidence }];
}

/** Where Ignition is, unless cloud-init is there to be used. */
const ignitionIn = async (tree: Tree): Promise<string | undefined> =>
  (await firstOf(tree, ['/usr/bin/cloud-init'])) === undefined ? firstOf(tree, ignitionAt) : undefined;

/** Programs that do both; undefined where there are none. */
async function otherThan({ tree }: Guest): Promise<Note[] | undefined> {
  const cirros = await firstOf(tree, ['/etc/cirros-init/config']);
  if (cirros !== undefined) return ofCirros(tree, cirros);
  const tiny = await enablementOf(
    tree,
    'tiny-cloud-main.service',
    'tiny-cloud-final.service',
    'tiny-cloud.service',
  );
  if (tiny.state === 'enabled') return [{ verdict: 'pass', text: 'tiny-cloud does', evidence: tiny.path }];
  return undefined;
}

/** The metadata service is one of Amazon's to CirrOS. */
async function ofCirros(tree: Tree, path: string): Promise<Note[]> {
  const line = (await linesOf(tree, path)).find(({ text }) => text.startsWith('DATASOURCE_LIST='));
  if (line === undefined || /\b(configdrive|ec2)\b/.test(line.text))
    return [
      { verdict: 'pass', text: 'cirros-init does', evidence: line === undefined ? path : evidenceOf(line) },
    ];
  return [
    {
      verdict: 'fail',
      text: 'cirros-init looks for other clouds',
      evidence: evidenceOf(line),
      advice: 'Add configdrive and ec2 to DATASOURCE_LIST.',
    },
  ];
}
