import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { credentialsOf } from '../../../src/cli/credentials.ts';
import { askVendor } from '../../../src/cli/vendor.ts';
import { nameOfVariables } from '../../../src/config/entry.ts';
import { resolveSettings } from '../../../src/config/resolve.ts';
import { settingNames, settings } from '../../../src/config/settings.ts';
import { TglanceError } from '../../../src/errors.ts';
import { authTypeName, authTypeOf } from '../../../src/keystone/auth-types.ts';
import { authority, good, key } from '../../http/certificates.ts';
import type { Case } from './sdk-cases/case.ts';
import { vendors } from './sdk-cases/profiles.ts';

/** What a case comes to: words by the names that openstacksdk has for them (`auth.username`), or `refused`. */
export type Outcome = Readonly<Record<string, string>>;

/** A case in folders of its own. */
export interface Site {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Writes the files of a case below `root`. */
export function lay({ files, env }: Case, root: string, servers: ReadonlyMap<string, string>): Site {
  const put = (word: string) =>
    word
      .replaceAll('$ROOT', root)
      .replace(/\$VENDOR\/(\w+)/g, (_, name: string) => servers.get(name) ?? 'nowhere');
  const [cwd, home] = [join(root, 'cwd'), join(root, 'home')];
  for (const folder of [cwd, home]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'ca.pem'), authority);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), put(typeof content === 'string' ? content : JSON.stringify(content)));
  }
  const words = Object.entries(env).map(([name, word]) => [name, put(word)] as const);
  return {
    cwd,
    home,
    env: { HOME: home, REQUESTS_CA_BUNDLE: join(root, 'ca.pem'), ...Object.fromEntries(words) },
  };
}

/** What openstacksdk makes of them, one after the other. */
export async function askSdk(sites: readonly Site[]): Promise<readonly Outcome[]> {
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'openstacksdk.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(sites));
  return JSON.parse(await text(child.stdout));
}

/** What tglance makes of one of them. */
export async function askTglance({ cwd, home, env }: Site): Promise<Outcome> {
  const { signal } = new AbortController();
  try {
    const found = await resolveSettings({
      flags: {},
      env,
      cwd,
      home,
      platform: 'linux',
      fetch: (url, trust) => askVendor(url, trust, { secrets: new Set(), env }, signal),
    });
    const words = settingNames.flatMap((name) => {
      const word = found.get(name);
      // openstacksdk finds out which version there is, and forgets the authorities where nothing is verified
      const nothing =
        (name === 'image_api_version' && found.origin(name) === 'default') ||
        (name === 'cacert' && found.get('insecure') !== undefined);
      if (word === undefined || nothing) return [];
      const [first = name] = settings[name].cloud;
      return [[first.startsWith('auth.') ? first : name, word] as const];
    });
    const credentials = credentialsOf(found);
    authTypeOf(credentials); // refuses what there is not
    return {
      ...Object.fromEntries(words),
      auth_type: authTypeName(credentials),
      cloud: found.cloud ?? nameOfVariables(env),
    };
  } catch (error) {
    if (!(error instanceof TglanceError)) throw error;
    return { refused: error.message };
  }
}

/** The names of the words on which the two do not agree; the words of a refusal are everybody's own. */
export function differing(sdk: Outcome, ours: Outcome): string[] {
  if ('refused' in sdk || 'refused' in ours) return 'refused' in sdk && 'refused' in ours ? [] : ['refused'];
  const names = new Set([...Object.keys(sdk), ...Object.keys(ours)]);
  return [...names].filter((name) => sdk[name] !== ours[name]).sort();
}

/** Starts the servers on which vendors describe their clouds: their names and addresses, and how to stop them. */
export async function startVendors(): Promise<{ servers: ReadonlyMap<string, string>; stop: () => void }> {
  const started = Object.entries(vendors).map(async ([name, { status, profile }]) => {
    const server = createServer({ cert: good, key }, (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ name, profile }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { name, server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  const all = await Promise.all(started);
  return {
    servers: new Map(all.map(({ name, url }) => [name, url])),
    stop: () => {
      for (const { server } of all) server.close();
    },
  };
}
