import { createHash, randomBytes } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { Person } from './people.ts';

/** What is kept of a token: never the token itself. Times in ms. */
export interface Token {
  readonly key: string;
  readonly userId: string;
  /** Whether it is good for the user's project, or only for asking who one is. */
  readonly scoped: boolean;
  readonly methods: readonly string[];
  readonly auditIds: readonly string[];
  readonly issued: number;
  readonly expires: number;
}

/** Who sends a request. */
export interface Caller {
  readonly token: Token;
  readonly userId: string;
  /** Missing in an unscoped token. */
  readonly projectId: string | undefined;
  readonly admin: boolean;
}

/** Makes a token for `person`; one made from another token ends when that one does. */
export function issue(
  cloud: Cloud,
  person: Person,
  scoped: boolean,
  methods: readonly string[],
  from?: Token,
) {
  const secret = randomBytes(32).toString('base64url');
  const issued = cloud.clock();
  const token: Token = {
    key: keyOf(secret),
    userId: person.id,
    scoped,
    methods,
    auditIds: [randomBytes(16).toString('base64url'), ...(from?.auditIds.slice(-1) ?? [])],
    issued,
    expires: from?.expires ?? issued + cloud.tokenSeconds * 1000,
  };
  cloud.store.change(() => {
    const { tokens } = cloud.store;
    for (const old of tokens.all()) if (old.expires <= issued) tokens.remove(old.key);
    tokens.put(token.key, token);
  });
  return { secret, token };
}

/** The token with this secret, if it is known and still good. */
export function findToken(cloud: Cloud, secret: string | undefined): Token | undefined {
  const token = secret ? cloud.store.tokens.get(keyOf(secret)) : undefined;
  return token !== undefined && token.expires > cloud.clock() ? token : undefined;
}

/** Takes a token back. */
export const revoke = (cloud: Cloud, token: Token) =>
  cloud.store.change(() => cloud.store.tokens.remove(token.key));

/** Who holds this token. */
export function callerOf(cloud: Cloud, token: Token): Caller | undefined {
  const person = cloud.people.all.find(({ id }) => id === token.userId);
  if (person === undefined) return undefined;
  return {
    token,
    userId: person.id,
    projectId: token.scoped ? person.project.id : undefined,
    admin: token.scoped && person.admin,
  };
}

const keyOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
