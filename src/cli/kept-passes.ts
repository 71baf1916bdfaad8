import type { Settings } from '../config/resolve.ts';
import { settings as table } from '../config/settings.ts';
import { type Credentials, credentialNames, scopeNames } from '../keystone/credentials.ts';
import type { PassKeep } from '../keystone/keep.ts';
import type { Pass } from '../keystone/pass.ts';
import { alone, longest } from './alone.ts';
import type { Io } from './io.ts';
import { type PrivateCache, privateCache } from './private-cache.ts';

/**
 * Where this login's pass is kept: in a file of its own for each person, place, kind of login, scope and region. No
 * password is in it; who gives another one than before has to log in.
 */
export async function passKeep(settings: Settings, credentials: Credentials, io: Io): Promise<PassKeep> {
  const cache = privateCache(io, 'tokens');
  const login = await describe(credentials, settings);
  const prefix = `${checksum(login.who).toString(36)}-`;
  const name = prefix + checksum(login.scope).toString(36);
  return {
    read: () => {
      const entry = entryIn(cache, name, login);
      return entry?.scope === login.scope ? entry.pass : undefined;
    },
    others: () =>
      cache
        .names()
        .filter((file) => file.startsWith(prefix))
        .flatMap((file) => entryIn(cache, file, login) ?? [])
        .filter(({ scope }) => scope !== login.scope)
        .map(({ pass }) => pass),
    write: (pass) => {
      const salt = Math.random().toString(36);
      const proof = login.secrets === undefined ? undefined : proofOf(salt, login.secrets);
      const entry: Entry = { who: login.who, scope: login.scope, salt, proof, pass };
      try {
        removeOld(cache);
        cache.write(name, JSON.stringify(entry));
      } catch {}
    },
    drop: () => cache.remove(name),
    alone: (ready, act, signal) => alone(cache, `${name}.lock`, ready, act, signal),
  };
}

/** A login in words that can be compared. */
interface Login {
  readonly who: string;
  readonly scope: string;
  /** What proves it and lasts, such as a password; undefined when it is yet to be asked for. */
  readonly secrets: string | undefined;
}

interface Entry {
  readonly who: string;
  readonly scope: string;
  readonly salt: string;
  readonly proof: number | undefined;
  readonly pass: Pass;
}

/** Good for one login, so the next one cannot be told by them. */
const once: readonly string[] = ['passcode', 'code'];
/** They say by themselves who one is. */
const bearers: readonly string[] = ['auth_token', 'access_token'];

async function describe(credentials: Credentials, settings: Settings): Promise<Login> {
  const scopes: readonly string[] = scopeNames;
  const given = credentialNames.filter((name) => credentials[name] !== undefined && !once.includes(name));
  const bearing = given.filter((name) => bearers.includes(name)).map((name) => credentials[name] ?? '');
  const open = given.filter((name) => !table[name].secret && !scopes.includes(name));
  const secret = given.filter((name) => table[name].secret && !bearers.includes(name));
  const words = (names: readonly (keyof Credentials)[]) => names.map((name) => [name, credentials[name]]);
  return {
    who: JSON.stringify([words(open), await digest(bearing)]),
    scope: JSON.stringify([words(scopeNames), settings.get('region_name') ?? '']),
    secrets: secret.length === 0 ? undefined : JSON.stringify(words(secret)),
  };
}

/** Nothing of nothing: then the program need not load what it takes. */
async function digest(words: readonly string[]): Promise<string> {
  if (words.length === 0) return '';
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** FNV-1a, 32 bits: tells files apart. */
const checksum = (text: string): number => {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
};

/** 16 bits: enough to notice another password, too few to find the right one by. */
const proofOf = (salt: string, secrets: string): number => {
  const sum = checksum(salt + secrets);
  return ((sum ^ (sum >>> 16)) << 16) >>> 16;
};

function entryIn(cache: PrivateCache, file: string, login: Login): Entry | undefined {
  const entry = parse(cache.read(file)?.text);
  if (entry === undefined || entry.who !== login.who) return undefined;
  if (entry.proof === undefined || login.secrets === undefined) return entry;
  return proofOf(entry.salt, login.secrets) === entry.proof ? entry : undefined;
}

/** As the value of a header. */
const isSendable = (value: unknown): boolean => typeof value === 'string' && /^[ -~]+$/.test(value);

function parse(text: string | undefined): Entry | undefined {
  try {
    const entry: Partial<Entry> | null = JSON.parse(text ?? 'null');
    const { token, expires, issued, catalog, about, headers = {} } = entry?.pass ?? {};
    const whole =
      isSendable(token) &&
      Object.values(headers).every(isSendable) &&
      typeof expires === 'number' &&
      typeof issued === 'number' &&
      Array.isArray(catalog) &&
      typeof about === 'object' &&
      about !== null;
    return whole ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function removeOld(cache: PrivateCache): void {
  for (const file of cache.names()) {
    const { text, age = 0 } = cache.read(file) ?? {};
    const expires = parse(text)?.pass.expires ?? 0;
    // what is no entry may be one that is being written, or a lock
    if (expires < Date.now() && age > longest) cache.remove(file);
  }
}
