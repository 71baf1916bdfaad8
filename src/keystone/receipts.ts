import { MissingSetting } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import type { Response } from '../http/message.ts';
import type { Credentials } from './credentials.ts';
import { digList } from './dig.ts';
import type { Desk } from './pass.ts';
import { identityOf, type ProofName, proofs } from './proofs.ts';
import { requestToken } from './token-request.ts';

/** A login under way. */
export interface Attempt {
  readonly root: string;
  readonly auth: Readonly<Record<string, unknown>>;
  readonly given: Credentials;
  readonly desk: Desk;
  readonly signal: AbortSignal | undefined;
}

/**
 * The answer to a login once nothing more is wanted: Identity gives a receipt for the proofs it has seen, and wants it
 * back with those that its rules want beside them.
 * https://docs.openstack.org/keystone/latest/admin/auth-receipts.html
 */
export async function completed(
  response: Response,
  attempt: Attempt,
  tried: readonly string[] = [],
): Promise<Response> {
  const receipt = response.headers['openstack-auth-receipt'];
  if (response.status !== 401 || receipt === undefined) return response;
  const { root, auth, given, desk, signal } = attempt;
  desk.hide(receipt);
  const answer = await readJson(response, caps.token);
  const seen = wordsIn(digList(answer, 'receipt', 'methods'));
  const wanted = nextProofs(digList(answer, 'required_auth_methods'), [...seen, ...tried]);
  const identity = await identityOf(wanted, given, desk).catch((error: unknown) => {
    if (!(error instanceof MissingSetting)) throw error;
    throw new MissingSetting(
      `Identity wants ${wanted.join(' and ')} beside ${seen.join(' and ')}. ${error.message}`,
    );
  });
  const more = { 'openstack-auth-receipt': receipt };
  const next = await requestToken(root, { ...auth, identity }, desk, signal, more);
  return completed(next, attempt, [...tried, ...wanted]);
}

/** What is missing of the rule that misses least, of those that can be followed from here. */
function nextProofs(rules: readonly unknown[], done: readonly string[]): readonly ProofName[] {
  const missing = rules
    .map((rule) => wordsIn(rule).filter((method) => !done.includes(method)))
    .filter((methods) => methods.length > 0);
  const [best] = missing.filter((methods) => methods.every(isProof)).sort((a, b) => a.length - b.length);
  if (best !== undefined) return best.filter(isProof);
  const all = missing.map((methods) => methods.join(' and ')).join(', or ');
  throw new MissingSetting(
    `Identity wants more than ${done.join(' and ')}: ${all === '' ? 'it does not say what' : `${all}, which cannot be given here`}`,
  );
}

const isProof = (method: string): method is ProofName => Object.hasOwn(proofs, method);

const wordsIn = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((word) => typeof word === 'string') : [];
