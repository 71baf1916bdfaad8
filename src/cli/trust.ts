import { join } from 'node:path';
import type { Values } from '../config/resolve.ts';
import type { SettingName } from '../config/settings.ts';
import { UsageError } from '../errors.ts';
import type { Pems, Trusted } from '../http/trust.ts';
import type { Io } from './io.ts';

/** Whom to believe and what to show to servers, from the files that the settings and `env` name. */
export async function trustOf(settings: Values, env: Io['env']): Promise<Trusted> {
  const read = () => pemsOf(settings, env);
  // a slip on the command line is told at once; what variables and files name may be for other clouds than this
  const isSaidHere = files.some((name) => settings.origin(name)?.startsWith('flag '));
  return {
    insecure: settings.get('insecure') === 'true',
    more: () => systemAuthorities(env),
    ...(isSaidHere ? await read() : { read }),
  };
}

const files = ['cacert', 'cert', 'key'] as const;

async function pemsOf(settings: Values, env: Io['env']): Promise<Pems> {
  const variable = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].find((name) => env[name]);
  const path = variable && env[variable];
  const ca = named(settings, 'cacert') ?? (path ? { path, origin: variable } : undefined);
  const cert = named(settings, 'cert');
  const key = named(settings, 'key');
  if (key !== undefined && cert === undefined) {
    throw new UsageError(
      `There is a key, ${key.path} (${key.origin}), but no certificate that it is for: give --os-cert`,
    );
  }
  return {
    ca: ca && (await pem(ca, 'CERTIFICATE')),
    cert: cert && (await pem(cert, 'CERTIFICATE')),
    // One file may hold both.
    key: cert && (await pem(key ?? cert, 'PRIVATE KEY')),
  };
}

interface Named {
  readonly path: string;
  readonly origin: string | undefined;
}

function named(settings: Values, name: SettingName): Named | undefined {
  const path = settings.get(name);
  return path === undefined ? undefined : { path, origin: settings.origin(name) };
}

/** The text of a PEM file; Node would pass over one that holds something else without a word. */
async function pem({ path, origin }: Named, what: string): Promise<string> {
  const where = `${path} (${origin})`;
  const text = await textAt(path).catch(() => {
    throw new UsageError(`Cannot read ${where}`);
  });
  if (!new RegExp(`^-----BEGIN [A-Z ]*${what}-----`, 'm').test(text)) {
    throw new UsageError(`There is no ${what.toLowerCase()} in ${where}; it must be a PEM file`);
  }
  return text;
}

/** Of a folder, all files whose names OpenSSL finds: https://docs.openssl.org/3.0/man1/openssl-rehash/ */
async function textAt(path: string): Promise<string> {
  const { readdir, readFile } = await fs();
  const read = (file: string) => readFile(file, 'utf8');
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return read(path);
  const hashed = names.filter((file) => /^[0-9a-f]{8}\.\d+$/.test(file));
  return (await Promise.all(hashed.map((file) => read(join(path, file))))).join('\n');
}

/** Where systems keep those whom they trust, their administrators' own among them: Debian, Fedora, openSUSE, Alpine. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

async function systemAuthorities({ SSL_CERT_FILE: file }: Io['env']): Promise<string | undefined> {
  const { readFile } = await fs();
  for (const path of file ? [file] : bundles) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Node takes a millisecond to load it, and few logins need it. */
const fs = () => import('node:fs/promises');
