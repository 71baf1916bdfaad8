import { bareNode, peer, short, tglance } from './commands.mjs';
import { conversions } from './conversions.mjs';
import { listings } from './listings.mjs';
import { transfers } from './transfers.mjs';

/**
 * What is compared. The first command of each is what the others are measured by. A goal is a pair: what must be
 * reached, and what would be good; CPU as a ratio to the first command, memory in MiB.
 */
export const comparisons = {
  start: () => [startUp],
  list: listings,
  transfer: transfers,
  convert: conversions,
};

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
    peer('openstack', '--help'),
  ],
};
