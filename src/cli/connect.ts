import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/resolve.ts';
import { UsageError } from '../errors.ts';
import { createGlance, type Glance } from '../glance/client.ts';
import type { Connection as Wire } from '../http/send.ts';
import type { Signer } from '../http/signer.ts';
import { authTypeOf } from '../keystone/auth-types.ts';
import { createKeystone, type Keystone } from '../keystone/client.ts';
import type { Credentials } from '../keystone/credentials.ts';
import { canExchange, exchange } from '../keystone/exchange.ts';
import { keeping } from '../keystone/keep.ts';
import type { LogIn, Pass } from '../keystone/pass.ts';
import { identityRoot } from '../keystone/root.ts';
import { createSession } from '../keystone/session.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import type { Source } from '../transfer/source.ts';
import { createVolumes, type Volumes } from '../volumes/client.ts';
import { boxCredentials, credentialsOf } from './credentials.ts';
import { createDesk } from './desk.ts';
import type { Io } from './io.ts';
import { passKeep } from './kept-passes.ts';
import { localWire, networkWire } from './wire.ts';

/** The way to one cloud. */
export interface Connection {
  glance(signal: AbortSignal): Glance;
  keystone(signal: AbortSignal): Keystone;
  volumes(signal: AbortSignal): Volumes;
  /** What is at an address of the web, whoever serves it; nothing is said of who asks. */
  fetch(url: string, signal: AbortSignal): Promise<Source>;
  /** What must not appear in any output; grows as tokens come. */
  readonly secrets: ReadonlySet<string>;
  close(): void;
}

/** What the way to a cloud needs of the program around it. */
export interface Surroundings {
  readonly io: Io;
  readonly tell: (line: string) => void;
  /** Where the trace of `--debug` goes, when it is wanted. */
  readonly trace: ((line: string) => void) | undefined;
  readonly sandbox: (options: SandboxOptions) => Promise<Sandbox>;
  /** Passes are neither taken from the cache nor left in it. */
  readonly anew: boolean;
}

/** Finds out how to reach the cloud that the settings name; nothing is sent before the first request. */
export async function connect(settings: Settings, around: Surroundings): Promise<Connection> {
  const secrets = new Set(settings.secrets);
  for (const note of settings.notes) around.trace?.(note);
  const box = settings.sandbox ? await around.sandbox({}) : undefined;
  const talk = { tell: around.tell, trace: around.trace, secrets, env: around.io.env };
  const wire = box === undefined ? await networkWire(settings, talk) : await localWire(box, talk);
  const credentials = box === undefined ? credentialsOf(settings) : boxCredentials(box, settings);
  const given = settings.get('image_url');
  let outside: Wire | undefined;
  const desk = createDesk(settings, around, wire.plain, secrets);
  const authType = authTypeOf(credentials);
  const logIn: LogIn = (signal) => authType.logIn(credentials, desk, signal);
  const lasts = box === undefined && !around.anew && !authType.local;
  const keep = lasts ? await passKeep(settings, credentials, around.io) : undefined;
  const exchanged = async (old: Pass, signal?: AbortSignal) => {
    if (!canExchange(credentials)) return undefined;
    secrets.add(old.token ?? '');
    return exchange(old, credentials, desk, signal);
  };
  const session = createSession(keep === undefined ? logIn : keeping(logIn, keep, exchanged, desk.clock));
  const signer: Signer = {
    current: async (signal) => {
      const signature = await session.current(signal);
      for (const name of ['x-auth-token', 'authorization']) {
        // what the word `Bearer` is followed by
        secrets.add(signature[name]?.replace(/^\S+ /, '') ?? '');
      }
      return signature;
    },
    forget: session.forget,
  };
  const wish = {
    interfaces: (settings.get('interface') ?? 'public').split(',').map((word) => word.trim()),
    region: settings.get('region_name'),
  };
  const endpoint = async (type: string, signal: AbortSignal, name?: string) =>
    announced(await session.endpoint({ ...wish, type, name }, signal), credentials, around);
  return {
    glance: (signal) =>
      createGlance(
        { signed: wire.signed(signer), data: wire.signedData(signer) },
        async () =>
          given === undefined
            ? endpoint(settings.get('service_type') ?? 'image', signal, settings.get('service_name'))
            : announced(webAddress(given, settings.origin('image_url')), credentials, around),
        signal,
      ),
    keystone: (signal) => {
      const { auth_url } = credentials;
      const root = auth_url === undefined ? undefined : identityRoot(auth_url);
      return createKeystone({ send: wire.signed(signer), root, session, keep }, signal);
    },
    volumes: (signal) => createVolumes(wire.signed(signer), () => endpoint('volumev3', signal), signal),
    fetch: async (url, signal) => {
      outside ??= box === undefined ? wire : await networkWire(settings, talk);
      const { webSource } = await import('./web-source.ts');
      const pause = (ms: number) => sleep(ms, undefined, { signal });
      return webSource(outside.data, webAddress(url), signal, { pause, tell: around.tell });
    },
    secrets,
    close: () => {
      wire.close();
      outside?.close();
    },
  };
}

function webAddress(word: string, origin?: string): URL {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  const where = origin === undefined ? '' : ` (${origin})`;
  throw new UsageError(`'${word}' is not a http or https address${where}`);
}

/** An encrypted login may be followed by an open service: then people should know. */
function announced(endpoint: URL, { auth_url = '' }: Credentials, { tell }: Surroundings): URL {
  if (endpoint.protocol === 'http:' && auth_url.startsWith('https:')) {
    tell(`The way to ${endpoint.origin} is not encrypted although the login is`);
  }
  return endpoint;
}
