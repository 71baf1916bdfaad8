import { join } from 'node:path';
import { hashed, listedName, queued, unhashed } from './answers.mjs';
import { holdsContent } from './content.mjs';
import { conversions } from './conversions.mjs';

const program = join(import.meta.dirname, '../../bin/tglance.js');

/**
 * What is compared. The first command of each is what the others are measured by. A goal is a pair: what must be
 * reached, and what would be good; CPU as a ratio to the first command, memory in MiB.
 */
export const comparisons = {
  start: () => [startUp],
  list: () => lists,
  transfer: transfers,
  convert: conversions,
};

const command = (name, argv, more = {}) => ({ name, argv, ...more });
const peer = (...argv) => command(argv.join(' '), argv);
const tglance = (words, more, name = words.join(' ')) =>
  command(`tglance ${name}`, [process.execPath, program, ...words], more);
const bareNode = command('node -e 0', [process.execPath, '-e', '0']);

const short = [50, 43];

const startUp = {
  title: 'Start-up',
  rounds: 15,
  commands: [
    bareNode,
    tglance(['--version'], { goal: { cpu: [1.3, 1.1], memory: short } }),
    tglance(['--help'], { goal: { cpu: [1.4, 1.15], memory: short } }),
    tglance(['image-list', '--help'], { goal: { cpu: [1.8, 1.45], memory: short } }),
    peer('glance', '--version'),
    peer('glance', '--help'),
    peer('openstack', '--version'),
  ],
};

const lists = [
  { label: '1 image', total: 1, rounds: 15, goal: { cpu: [2.8, 2.2], memory: short } },
  { label: '1,000 images', total: 1000, rounds: 9, goal: { cpu: [3.5, 2.5] } },
  { label: '10,000 images', total: 10_000, rounds: 7, goal: { cpu: [8, 5.5], memory: [100, 75] } },
].map(({ label, total, rounds, goal }) => {
  const check = ({ output }) => output.split(listedName('')).length - 1 === total;
  const commands = [
    tglance(['image-list'], { goal }),
    tglance(['image-list', '-f', 'json']),
    peer('glance', 'image-list'),
    peer('openstack', 'image', 'list'),
    peer('openstack', 'image', 'list', '-f', 'json'),
  ].map((it) => ({ ...it, check }));
  return { title: `Listing ${label}`, total, rounds, commands: [bareNode, ...commands] };
});

function transfers({ cloud, image, file, target }) {
  const data = (id) => `${cloud.url(0)}/v2/images/${id}/file`;
  const MiB = `${Math.round(image.size / 2 ** 20)} MiB`;
  const anySize = [90, 65];
  const fetched = () => holdsContent(target, image.size);
  const sent = ({ counted }) => counted.received === image.size;
  const inTurn = (name, script, ...words) =>
    command(name, ['sh', '-c', script, 'sh', ...words], { needs: ['curl', 'openssl'] });
  const download = (id, more) => tglance(['image-download', '--file', target, id], more, 'image-download');
  const upload = ['image-upload', '--file', file, queued];
  return [
    {
      title: `Download of ${MiB}, verified by sha512`,
      rounds: 5,
      commands: [
        inTurn(
          'curl -o, then openssl dgst -sha512',
          'curl -sSf -o "$1" "$2" && openssl dgst -sha512 "$1"',
          target,
          data(hashed),
        ),
        download(hashed, { goal: { cpu: [1.3, 1], memory: anySize } }),
        command('glance image-download', ['glance', 'image-download', '--file', target, hashed]),
        command('openstack image save', ['openstack', 'image', 'save', '--file', target, hashed]),
      ].map((it) => ({ ...it, check: fetched })),
    },
    {
      title: `Download of ${MiB} of an image without a hash`,
      rounds: 5,
      commands: [
        command('curl -o', ['curl', '-sSf', '-o', target, data(unhashed)]),
        download(unhashed, { goal: { cpu: [2.1, 1.1], memory: anySize } }),
      ].map((it) => ({ ...it, check: fetched })),
    },
    {
      title: `Upload of ${MiB}`,
      rounds: 5,
      commands: [
        command('curl -T', ['curl', '-sSf', '-T', file, data(queued)]),
        inTurn(
          'openssl dgst -sha512, then curl -T',
          'openssl dgst -sha512 "$1" && curl -sSf -T "$1" "$2"',
          file,
          data(queued),
        ),
        tglance(upload, { goal: { cpu: [1.8, 1.3], memory: anySize } }, 'image-upload'),
        command('glance image-upload', ['glance', ...upload]),
      ].map((it) => ({ ...it, check: sent })),
    },
  ];
}
