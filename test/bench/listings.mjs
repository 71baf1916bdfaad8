import { listedName } from './answers.mjs';
import { bareNode, peer, short, tglance } from './commands.mjs';

/** Lists of some and of many images, over TLS, and of so many that they do not fit into memory. */
export const listings = ({ cloud }) => [
  ...sizes.map((size) => ({
    title: `Listing ${size.label}`,
    ...size,
    commands: commands(size, [
      tglance(['image-list', '-f', 'json']),
      tglance(['image-list', '-f', 'jsonl']),
      ...peers,
      peer('openstack', 'image', 'list', '-f', 'json'),
    ]),
  })),
  ...(cloud.isSecure
    ? [{ title: 'Listing 1 image over TLS', ...overTls, commands: commands(overTls, peers) }]
    : []),
  {
    title: 'Listing 200,000 images in a stream',
    total: 200_000,
    rounds: 3,
    commands: [
      bareNode,
      ...['value', 'csv', 'jsonl'].map((format) =>
        checked(200_000, tglance(['image-list', '-f', format], { goal: { memory: [250, 150] } })),
      ),
    ],
  },
];

const sizes = [
  { label: '1 image', total: 1, rounds: 15, goal: { cpu: [2.8, 2.2], memory: short } },
  { label: '1,000 images', total: 1000, rounds: 9, goal: { cpu: [3.5, 2.5] } },
  { label: '10,000 images', total: 10_000, rounds: 7, goal: { cpu: [8, 5.5], memory: [100, 75] } },
];

const overTls = { total: 1, rounds: 9, secure: true, goal: { cpu: [4, 2.5] } };

const peers = [peer('glance', 'image-list'), peer('openstack', 'image', 'list')];

const commands = ({ total, goal }, others) => [
  bareNode,
  checked(total, tglance(['image-list', '--no-cache'], { goal }, 'image-list, with a login')),
  checked(total, tglance(['image-list'], { goal }, 'image-list, the login kept')),
  ...others.map((it) => checked(total, it)),
];

const checked = (total, it) => ({
  ...it,
  check: ({ output }) => output.split(listedName('')).length - 1 === total,
});
