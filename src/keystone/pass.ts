import type { Send } from '../http/message.ts';
import type { CatalogService } from './catalog.ts';

/** What a login gives: what shows who asks, how long it is good for, and where it leads. */
export interface Pass {
  /** What `X-Auth-Token` says; undefined where a certificate or another header says it all. */
  readonly token: string | undefined;
  /** By the clock of this machine, whatever the server's shows; milliseconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  /** What else requests are signed with; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly catalog: readonly CatalogService[];
  /**
   * What Identity says of the token beside its catalog: user, project, roles, methods.
   * https://docs.openstack.org/api-ref/identity/v3/#validate-and-show-information-for-token
   */
  readonly about: Readonly<Record<string, unknown>>;
}

/** What a login needs of what is around it. */
export interface Desk {
  /** Signs nothing. */
  readonly send: Send;
  /** Asks a person without showing the answer; undefined where there is nobody at a terminal. */
  ask(question: string): Promise<string | undefined>;
  /** One line to a person. */
  tell(line: string): void;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Logs in; `refused` is a pass that is of no use any more, and not to be given again. */
export type LogIn = (signal?: AbortSignal, refused?: Pass) => Promise<Pass>;
