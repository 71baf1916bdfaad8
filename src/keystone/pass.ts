import type { Send } from '../http/message.ts';
import type { CatalogService } from './catalog.ts';
import type { CredentialName } from './credentials.ts';

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
  /** It lay there from an earlier run. */
  readonly kept?: boolean;
}

/** What a login needs of what is around it. */
export interface Desk {
  /** Signs nothing. */
  readonly send: Send;
  /**
   * A word that nobody has set: from the program that knows it, or from a person, who types it unseen; undefined where
   * there is neither.
   */
  ask(word: CredentialName, question: string): Promise<string | undefined>;
  /** One line to a person. */
  tell(line: string): void;
  /** One line that a person must see, or else nothing goes on. */
  urge(line: string): void;
  /** Keeps a word out of every output from now on. */
  hide(secret: string): void;
  /** Lets a person's browser go somewhere, and hears what it brings back; undefined where there is no person. */
  browse(journey: Journey, signal?: AbortSignal): Promise<Arrival | undefined>;
  /** Milliseconds. */
  pause(time: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** A browser's way to a page elsewhere and back to this machine. */
export interface Journey {
  /** Where it comes back to: a http URL of this machine; port 0 for any that is free. */
  readonly back: string;
  /** How it brings what it brings: in the address, or in a form that a page of this origin sends. */
  readonly by: 'address' | { readonly formFrom: string };
  /** Where it starts, once it is known where it ends. */
  start(back: string): URL;
  /** Whether it is this journey's end, and not what some other page makes of the address. */
  isEnd(fields: URLSearchParams): boolean;
}

/** What a browser brought, and where to. */
export interface Arrival {
  readonly fields: URLSearchParams;
  readonly back: string;
}

/** Logs in; `refused` is a pass that is of no use any more, and not to be given again. */
export type LogIn = (signal?: AbortSignal, refused?: Pass) => Promise<Pass>;
