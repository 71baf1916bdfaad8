import type { Send } from '../http/message.ts';
import type { PassKeep } from './keep.ts';
import type { Pass } from './pass.ts';
import { findProject, listing } from './projects.ts';
import { identityRefusal } from './refusal.ts';
import type { Session } from './session.ts';

/** What commands ask the Identity service for. */
export interface Keystone {
  /** The ID of the project that a person means, in a domain that is named by name or ID. */
  projectId(word: string, domain?: string): Promise<string>;
  /** Who one is, for how long, and where that leads. */
  pass(): Promise<Pass>;
  /** Ends the life of a token. */
  revoke(token: string): Promise<void>;
  /** The pass that is kept of this login from an earlier run, and not asked for anew. */
  kept(): Pass | undefined;
  /** Keeps it no longer. */
  forget(): void;
}

/** What stands between a command and Identity. */
export interface Access {
  /** Signs. */
  readonly send: Send;
  /** Undefined where there is no Identity service. */
  readonly root: string | undefined;
  readonly session: Session;
  readonly keep: PassKeep | undefined;
}

/** Identity v3. https://docs.openstack.org/api-ref/identity/v3/ */
export function createKeystone({ send, root, session, keep }: Access, signal?: AbortSignal): Keystone {
  const listed = listing(send, root, signal);
  return {
    projectId: (word, domain) => findProject(listed, word, domain),
    pass: () => session.pass(signal),
    revoke: async (token) => {
      const url = new URL(`${root}/v3/auth/tokens`);
      const response = await send({ method: 'DELETE', url, headers: { 'x-subject-token': token }, signal });
      if (response.status !== 204) throw await identityRefusal(response);
      response.body.drop();
    },
    kept: () => keep?.read(),
    forget: () => keep?.drop(),
  };
}
