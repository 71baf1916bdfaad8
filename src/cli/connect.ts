import { readFile } from 'node:fs/promises';
import type { Settings } from '../config/resolve.ts';
import type { SettingName } from '../config/settings.ts';
import { UsageError } from '../errors.ts';
import { createGlance, type Glance } from '../glance/client.ts';
import { connect as dial, type Connection as Wire } from '../http/send.ts';
import { type Tokens, withToken } from '../http/token.ts';
import { type Credentials, methods } from '../keystone/methods.ts';
import { createKeystone, type Keystone } from '../keystone/projects.ts';
import { createSession, identityRoot } from '../keystone/session.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import { createVolumes, type Volumes } from '../volumes/client.ts';
import type { Io } from './io.ts';

/** The way to one cloud. */
export interface Connection {
  glance(signal: AbortSignal): Glance;
  keystone(signal: AbortSignal): Keystone;
  volumes(signal: AbortSignal): Volumes;
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
}

/** Finds out how to reach the cloud that the settings name; nothing is sent before the first request. */
export async function connect(settings: Settings, around: Surroundings): Promise<Connection> {
  const secrets = new Set(settings.secrets);
  for (const note of settings.notes) around.trace?.(note);
  const box = settings.sandbox ? await around.sandbox({}) : undefined;
  const wire = box === undefined ? await network(settings, secrets, around) : await inProcess(box);
  const credentials =
    box === undefined ? await login(settings, around.io) : boxLogin(box, settings.get('username'));
  const given = settings.get('image_url');
  const token = settings.get('auth_token');
  const session = createSession(wire.plain, credentials);
  const tokens: Tokens =
    given !== undefined && token !== undefined
      ? { current: async () => token, forget: () => {} }
      : {
          current: async (signal) => {
            const fresh = await session.current(signal);
            secrets.add(fresh);
            return fresh;
          },
          forget: session.forget,
        };
  const wish = {
    interfaces: (settings.get('interface') ?? 'public').split(',').map((word) => word.trim()),
    region: settings.get('region_name'),
  };
  const endpoint = async (type: string, signal: AbortSignal) =>
    announced(await session.endpoint({ ...wish, type }, signal), credentials, around);
  return {
    glance: (signal) =>
      createGlance(
        { signed: wire.signed(tokens), data: wire.signedData(tokens) },
        async () =>
          given === undefined ? endpoint(settings.get('service_type') ?? 'image', signal) : new URL(given),
        signal,
      ),
    keystone: (signal) => {
      const { auth_url } = credentials;
      const root = auth_url === undefined ? undefined : identityRoot(auth_url);
      return createKeystone(wire.signed(tokens), root, signal);
    },
    volumes: (signal) => createVolumes(wire.signed(tokens), () => endpoint('volumev3', signal), signal),
    secrets,
    close: () => wire.close(),
  };
}

/** The catalog of an encrypted Identity service may lead to an open service: then people should know. */
function announced(endpoint: URL, { auth_url = '' }: Credentials, { tell }: Surroundings): URL {
  if (endpoint.protocol === 'http:' && auth_url.startsWith('https:')) {
    tell(`The catalog leads to ${endpoint.origin}, which is not encrypted although the login is`);
  }
  return endpoint;
}

/** Limits on silence (ms); `--timeout` sets the one that a slow server meets. */
const connectTimeout = 10_000;
const usualSilence = 600_000;

async function network(
  settings: Settings,
  secrets: ReadonlySet<string>,
  { tell, trace }: Surroundings,
): Promise<Wire> {
  const insecure = settings.get('insecure') === 'true';
  if (insecure)
    tell('Certificates are not verified: anybody on the way can read the password and change the data');
  const seconds = settings.get('timeout');
  const silence = seconds === undefined ? usualSilence : Number(seconds) * 1000;
  const pem = async (name: SettingName) => {
    const file = settings.get(name);
    if (file === undefined) return undefined;
    return readFile(file, 'utf8').catch(() => {
      throw new UsageError(`Cannot read ${file} (${settings.origin(name)})`);
    });
  };
  const [ca, cert, key] = await Promise.all([pem('cacert'), pem('cert'), pem('key')]);
  const limits = { connectTimeout, firstByteTimeout: silence, idleTimeout: silence };
  return dial({ ...limits, tls: { ca, cert, key, insecure }, tell, trace, secrets });
}

async function inProcess(box: Sandbox): Promise<Wire> {
  const { localSend } = await import('./local-cloud.ts');
  const send = localSend(box);
  const signed = (tokens: Tokens) => withToken(send, tokens);
  return { plain: send, signed, signedData: signed, close: () => {} };
}

/** As its administrator, unless a flag names another of its users. */
function boxLogin({ credentials }: Sandbox, username = 'admin'): Credentials {
  const logins: Readonly<Record<string, Sandbox['credentials'][keyof Sandbox['credentials']]>> = credentials;
  const found = Object.hasOwn(logins, username) ? logins[username] : undefined;
  if (found === undefined) {
    throw new UsageError(`The sandbox has no user '${username}', only ${Object.keys(logins).join(', ')}`);
  }
  const { userId: user_id, password, projectId: project_id } = found;
  return { auth_url: `http://sandbox.invalid/v3`, user_id, password, project_id };
}

/** The words of a login; a person at a terminal is asked for the password. */
async function login(settings: Settings, io: Io): Promise<Credentials> {
  const names = [
    'auth_type',
    'auth_url',
    'username',
    'user_id',
    'password',
    'user_domain_id',
    'user_domain_name',
    'project_id',
    'project_name',
    'project_domain_id',
    'project_domain_name',
  ] as const;
  const given: Credentials = Object.fromEntries(names.map((name) => [name, settings.get(name)]));
  const named = given.username !== undefined || given.user_id !== undefined;
  const byPassword = Object.hasOwn(methods, given.auth_type ?? 'password');
  if (given.password !== undefined || !named || !byPassword || given.auth_url === undefined) return given;
  return { ...given, password: await io.ask('OS Password: ') };
}
