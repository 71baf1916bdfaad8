import { DiskError, Unread } from '../errors.ts';
import { consoleLog } from './checks/console-log.ts';
import { firewall } from './checks/firewall.ts';
import { sshKey, userData } from './checks/first-boot.ts';
import { macAddress } from './checks/mac-address.ts';
import { resizeRoot } from './checks/resize-root.ts';
import { sshServer } from './checks/ssh-server.ts';
import type { Guest } from './guest.ts';
import type { Check, Note, Verdict } from './note.ts';

/** What OpenStack's image guide asks of an image: https://docs.openstack.org/image-guide/openstack-images.html */
export const requirements: readonly Check[] = [
  resizeRoot,
  macAddress,
  sshServer,
  firewall,
  sshKey,
  userData,
  consoleLog,
];

/** What came of a check. */
export interface Result {
  readonly id: string;
  readonly verdict: Verdict;
  /** Why, for people. */
  readonly finding: string;
  readonly evidence: readonly string[];
  readonly advice: readonly string[];
}

const worstFirst: readonly Verdict[] = ['fail', 'unknown', 'warn', 'pass'];

/** Runs a check; what cannot be read makes it unknown, and damage ends it with a DiskError. */
export async function resultOf(check: Check, guest: Guest): Promise<Result> {
  try {
    return summed(check, await check.look(guest));
  } catch (error) {
    if (error instanceof Unread) return unknown(check, error);
    // whatever a file of others breaks within a reader
    if (error instanceof RangeError)
      throw new DiskError(`The image is damaged: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The result of a check that cannot be run. */
export const unknown = ({ id }: Check, why: DiskError): Result => ({
  id,
  verdict: 'unknown',
  finding: why.message,
  evidence: [],
  advice: [],
});

/** The worst that was seen, and everything that is as bad. */
function summed({ id }: Check, notes: readonly Note[]): Result {
  const verdict = worstFirst.find((it) => notes.some((note) => note.verdict === it)) ?? 'pass';
  const those = notes.filter((note) => note.verdict === verdict);
  const all = (of: (note: Note) => string | undefined) => [
    ...new Set(those.map(of).filter((text) => text !== undefined)),
  ];
  return {
    id,
    verdict,
    finding: all(({ text }) => text).join('; '),
    evidence: all(({ evidence }) => evidence),
    advice: all(({ advice }) => advice),
  };
}
