import { MissingSetting } from '../errors.ts';
import type { CredentialName, Credentials } from './credentials.ts';
import type { Desk } from './pass.ts';

/** A word that a kind of login cannot do without; MissingSetting says where it may be set. */
export function need(given: Credentials, name: CredentialName): string {
  const word = given[name];
  if (word === undefined) throw missing(name);
  return word;
}

/** The same of a secret, which somebody may still say. */
export async function needSecret(
  given: Credentials,
  desk: Desk,
  name: CredentialName,
  question: string,
): Promise<string> {
  const word = given[name] ?? (await desk.ask(name, `${question}: `));
  if (word === undefined || word === '') throw missing(name);
  desk.hide(word);
  return word;
}

function missing(name: CredentialName): MissingSetting {
  // glance's own words, which scripts know
  if (name === 'password') {
    return new MissingSetting(
      'You must provide a password via either --os-password, env[OS_PASSWORD], or prompted response',
    );
  }
  const flag = `--os-${name.replaceAll('_', '-')}`;
  return new MissingSetting(
    `This login needs ${name}: set ${flag}, OS_${name.toUpperCase()}, or ${name} in clouds.yaml`,
  );
}
