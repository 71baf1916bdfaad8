import { setTimeout as sleep } from 'node:timers/promises';
import type { Send } from './message.ts';
import { withDataRedirects, withRedirects } from './redirect.ts';
import { withRetry } from './retry.ts';
import { type Signer, withSignature } from './signer.ts';
import { withTrace } from './trace.ts';
import { withWhole } from './whole.ts';
import type { Transport } from './wire.ts';

/** What people may be told of the talk with a server. */
export interface Talk {
  /** One line to a person: why nothing seems to happen. */
  readonly tell?: ((line: string) => void) | undefined;
  /** Each request and answer, line by line, when somebody wants to see them. */
  readonly trace?: ((line: string) => void) | undefined;
  /** Never shown; may grow. */
  readonly secrets: ReadonlySet<string>;
}

/** The ways to send a request over connections that are shared. */
export interface Connection {
  /** For logging in, and for what needs no login. */
  readonly plain: Send;
  /** For data from anywhere, without a login. */
  readonly data: Send;
  /** For everything but image data. */
  signed(signer: Signer): Send;
  /** For GETs of image data, which may come from elsewhere. */
  signedData(signer: Signer): Send;
  /** Cuts what is under way and lets the process end. */
  close(): void;
}

/** Connections over the network. */
export async function connect(transport: Transport, talk: Talk): Promise<Connection> {
  const { wireSend } = await import('./wire.ts');
  const wire = wireSend(transport);
  return connectOver(wire, () => wire.close(), talk);
}

/**
 * The only place where the order is decided; read it inside out. Every attempt is traced, redirected ones too.
 * The signature is outside: a login has its own retries, which those of a request must not multiply, and a redirect
 * meets a request that is already signed and can take the signature away.
 */
export function connectOver(wire: Send, close: () => void, { tell, trace, secrets }: Talk): Connection {
  const marked: Send = async (request) => ({ ...(await wire(request)), secrets });
  const seen = trace ? withTrace(marked, trace, secrets) : marked;
  const pace = { sleep: pause, random: Math.random, tell };
  const plain = withRetry(withWhole(withRedirects(seen)), pace);
  const data = withRetry(withWhole(withDataRedirects(seen)), pace);
  return {
    plain,
    data,
    signed: (signer) => withSignature(plain, signer),
    signedData: (signer) => withSignature(data, signer),
    close,
  };
}

/** Node's own rejects with an AbortError instead of the reason. */
const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
