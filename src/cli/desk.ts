import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/resolve.ts';
import type { Send } from '../http/message.ts';
import type { CredentialName } from '../keystone/credentials.ts';
import type { Desk } from '../keystone/pass.ts';
import type { Io } from './io.ts';
import { harmless } from './render/harmless.ts';

/** What logins need of the process around them; `secrets` is what no output may hold. */
export function createDesk(
  settings: Settings,
  { io, tell }: { readonly io: Io; readonly tell: (line: string) => void },
  send: Send,
  secrets: Set<string>,
): Desk {
  const answers = new Map<CredentialName, Promise<string | undefined>>();
  const urge = (line: string) => void io.stderr.write(`${harmless(line)}\n`).catch(() => {});
  return {
    send,
    tell,
    urge,
    hide: (secret) => void secrets.add(secret),
    // nobody is asked the same thing twice, unless the answer is good for one time only
    ask: async (word, question) => {
      const known = answers.get(word);
      if (known !== undefined && word !== 'passcode') return known;
      const answer = import('./supply.ts').then(({ supply }) => supply(word, question, settings, io));
      answers.set(word, answer);
      return answer;
    },
    browse: async (journey, signal = io.signal) =>
      io.stderr.isTTY
        ? (await import('./callback.ts')).browse(journey, { urge, open: io.open }, signal)
        : undefined,
    pause: (time, signal) =>
      // Node's own rejects with an AbortError instead of the reason
      sleep(time, undefined, { signal }).catch(() => signal?.throwIfAborted()),
    clock: Date.now,
  };
}
