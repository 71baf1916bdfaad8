import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Around, type Ran, type Running, start, tglanceCommand } from './program.ts';

/** The folder of the cloud that the tests run against; it holds a clouds.yaml. */
export const cloudFolder = process.env.TGLANCE_REAL_CLOUD ?? '';
if (cloudFolder === '')
  throw new Error('TGLANCE_REAL_CLOUD is not set: start these tests with npm run test:real');

/** The login of a cloud, as it stands under `auth` in clouds.yaml. */
export interface Login {
  readonly auth_url: string;
  readonly username: string;
  readonly password: string;
  readonly project_name: string;
  readonly user_domain_name: string;
  readonly project_domain_name: string;
}

const { clouds } = parse(readFileSync(join(cloudFolder, 'clouds.yaml'), 'utf8')) as {
  clouds: Readonly<Record<string, { auth: Login; region_name: string }>>;
};

/** Words of a command line; a text is split at its spaces. */
export type Line = string | readonly string[];

export const wordsOf = (line: Line): readonly string[] => (typeof line === 'string' ? line.split(' ') : line);

/** Somebody who uses the cloud by variables, with either client. */
export interface Person {
  readonly login: Login;
  readonly env: Readonly<Record<string, string>>;
  /** Starts tglance. */
  start(line: Line, around?: Around): Running;
  /** Runs tglance to its end. */
  tglance(line: Line, around?: Around): Promise<Ran>;
  /** Runs tglance, which must succeed without a word on standard error, and gives its output. */
  says(line: Line, around?: Around): Promise<string>;
  /** Runs python-glanceclient to its end. */
  glance(line: Line, around?: Around): Promise<Ran>;
}

function person(name: string): Person {
  const { auth, region_name } = clouds[name] ?? {};
  if (auth === undefined || region_name === undefined) throw new Error(`clouds.yaml has no cloud ${name}`);
  const entries = Object.entries({ ...auth, region_name });
  const env = Object.fromEntries(entries.map(([key, value]) => [`OS_${key.toUpperCase()}`, value]));
  const run = (command: readonly string[], line: Line, around: Around = {}): Running =>
    start([...command, ...wordsOf(line)], { ...around, env: { ...env, ...around.env } });
  const it: Person = {
    login: auth,
    env,
    start: (line, around) => run(tglanceCommand, line, around),
    tglance: (line, around) => it.start(line, around).ended,
    says: async (line, around) => {
      const { code, out, err } = await it.tglance(line, around);
      if (code !== 0 || err !== '') throw new Error(`${wordsOf(line).join(' ')}: exit ${code}\n${err}`);
      return out;
    },
    glance: (line, around) => run(['glance'], line, around).ended,
  };
  return it;
}

/** The administrator, and two people who know nothing of each other. */
export const admin = person('admin');
export const demo = person('demo');
export const other = person('other');
