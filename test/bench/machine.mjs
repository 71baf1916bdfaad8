import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures hold for. */
export const machine = () => ({
  system: `${type()} ${release()}`,
  cores: `${cpus().length} × ${cpus()[0]?.model.trim() || process.arch}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  load: loadavg()[0].toFixed(1),
  node: process.version,
});

const asked = {
  glance: '--version',
  openstack: '--version',
  curl: '--version',
  openssl: 'version',
  'qemu-img': '--version',
};

/** The versions of the programs to compare with, undefined where one is not installed. */
export const peers = () =>
  Object.fromEntries(
    Object.entries(asked).map(([name, how]) => {
      const { status, stdout = '', stderr = '' } = spawnSync(name, [how], { encoding: 'utf8' });
      return [name, status === 0 ? /\d+\.\d+\S*/.exec(stdout || stderr)?.[0] : undefined];
    }),
  );
