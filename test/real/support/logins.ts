import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cloudFolder } from './people.ts';
import { type Ran, start, tglanceCommand } from './program.ts';
import type { Relying } from './provider.ts';
import { totp } from './totp.ts';

/** What ./populate.py wrote down of logins beside clouds.yaml. */
export const facts = JSON.parse(readFileSync(join(cloudFolder, 'login.json'), 'utf8')) as {
  /** What people's devices know, in base 32. */
  readonly devices: Readonly<Record<'totp' | 'mfa', string>>;
  readonly provider: Relying;
  /** Where a browser may come back to. */
  readonly callback_port: number;
};

/** What somebody's device shows now. */
export const passcode = (who: keyof typeof facts.devices): string => totp(facts.devices[who]);

const { clouds } = parse(readFileSync(join(cloudFolder, 'clouds.yaml'), 'utf8')) as {
  clouds: Readonly<Record<string, { auth: Env }>>;
};

export type Env = Readonly<Record<string, string>>;

/** A cloud of clouds.yaml, as variables name it. */
export const inCloud = (name: string): Env => ({
  OS_CLIENT_CONFIG_FILE: join(cloudFolder, 'clouds.yaml'),
  OS_CLOUD: name,
});

/** What `whoami` says. */
export interface Who {
  readonly user: string;
  readonly user_id: string;
  readonly project?: string;
  readonly project_id?: string;
  readonly domain?: string;
  readonly system?: string;
  readonly roles: readonly string[];
  readonly methods: readonly string[];
}

/** Logs in with nothing kept from before, and asks who that is. The trace must hold none of the secrets. */
export async function whoami(
  env: Env,
  flags: readonly string[] = [],
  issued: () => readonly string[] = () => [],
): Promise<Who> {
  const words = [...tglanceCommand, '--no-cache', '--debug', ...flags, 'whoami', '-f', 'json'];
  const typed = flags.filter((word) => !word.startsWith('-'));
  return whoIn(await start(words, { env }).ended, [...secretsIn(env), ...typed, ...issued()]);
}

/** What a run of `--debug whoami -f json` says, which must have succeeded and hold none of the secrets. */
export function whoIn({ code, out, err }: Omit<Ran, 'bytes'>, secrets: readonly string[]): Who {
  if (code !== 0) throw new Error(`whoami: exit ${code}\n${err}`);
  refuseSecrets(out + err, secrets);
  return JSON.parse(out) as Who;
}

/** The secrets in clouds.yaml, and those among variables. */
export const secretsIn = (env: Env = {}): readonly string[] =>
  [...Object.values(clouds).map(({ auth }) => auth), env]
    .flatMap((words) => Object.entries(words))
    .flatMap(([name, word]) => (/(password|secret|token|code)$/i.test(name) ? [word] : []));

/** P23: throws where a text holds one of the secrets, or any token or receipt of Keystone's. */
export function refuseSecrets(text: string, secrets: readonly string[]): void {
  // a few digits may well be part of an ID or of a time
  const isShown = (secret: string) =>
    secret.length < 8 ? new RegExp(`(?<![0-9a-f.])${secret}(?![0-9a-f])`).test(text) : text.includes(secret);
  // what a Fernet token begins with
  const found = text.includes('gAAAAA') ? 'a token' : secrets.filter(Boolean).find(isShown);
  if (found !== undefined) throw new Error(`P23: ${found} is shown:\n${text}`);
}

/** Runs `image-list` after a login of its own. */
export const imageList = (env: Env, flags: readonly string[] = []): Promise<Ran> =>
  start([...tglanceCommand, '--no-cache', ...flags, 'image-list'], { env }).ended;

/** What the OpenStack client makes of the same login: the IDs of the user and of what the token is for. */
export async function openstack(env: Env, flags: readonly string[] = []): Promise<Partial<Who>> {
  const { code, out, err } = await start(['openstack', ...flags, 'token', 'issue', '-f', 'json'], { env })
    .ended;
  if (code !== 0) throw new Error(`openstack: exit ${code}\n${err}`);
  const { id: _id, expires: _expires, ...ids } = JSON.parse(out) as Readonly<Record<string, string>>;
  return ids;
}
