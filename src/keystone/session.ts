import { MissingSetting, NoEndpoint } from '../errors.ts';
import { type EndpointWish, findEndpoint } from './catalog.ts';
import type { LogIn, Pass } from './pass.ts';

/** A login that lasts for the run: it is made once, and again when it was refused or is about to expire. */
export interface Session {
  pass(signal?: AbortSignal): Promise<Pass>;
  /** What requests are signed with; the same object until it is forgotten. */
  current(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  forget(signature: Readonly<Record<string, string>>): void;
  endpoint(wish: EndpointWish, signal?: AbortSignal): Promise<URL>;
}

/** Whether a pass is good for two minutes more, or for a tenth of its time where that is less; if not it is replaced. */
export const isFresh = ({ issued, expires }: Pass, now: number): boolean =>
  expires - now > Math.min(120_000, (expires - issued) / 10);

/** Logs in when a pass is first wanted. */
export function createSession(logIn: LogIn, clock: () => number = Date.now): Session {
  let login: Promise<Signed> | undefined;
  let newest: Signed | undefined;
  let refused: Pass | undefined;

  const signed = async (signal?: AbortSignal): Promise<Signed> => {
    if (login !== undefined) {
      const held = await login;
      if (isFresh(held.pass, clock())) return held;
    }
    login = logIn(signal, refused).then(
      (pass) => (isSame(pass, newest?.pass) ? newest : undefined) ?? sign(pass),
    );
    try {
      newest = await login;
      return newest;
    } catch (error) {
      login = undefined;
      throw error;
    }
  };

  const forget: Session['forget'] = (signature) => {
    if (signature !== newest?.signature) return;
    refused = newest.pass;
    login = undefined;
  };

  return {
    pass: async (signal) => (await signed(signal)).pass,
    current: async (signal) => (await signed(signal)).signature,
    forget,
    endpoint: async (wish, signal) => {
      const { pass, signature } = await signed(signal);
      try {
        return findEndpoint(pass.catalog, wish);
      } catch (error) {
        // the cloud may have grown since, and the file may be damaged
        if (!(error instanceof NoEndpoint) || pass.kept !== true) throw error;
        forget(signature);
        const fresh = await signed(signal).catch((other: unknown) => {
          throw other instanceof MissingSetting ? error : other;
        });
        return findEndpoint(fresh.pass.catalog, wish);
      }
    },
  };
}

interface Signed {
  readonly pass: Pass;
  readonly signature: Readonly<Record<string, string>>;
}

/** Whether nothing was made by logging in, and what was given is what it was: a pass without end, and no other one. */
const isSame = (pass: Pass, before: Pass | undefined): boolean =>
  pass.expires === Number.MAX_SAFE_INTEGER &&
  pass.token === before?.token &&
  JSON.stringify(pass.headers) === JSON.stringify(before?.headers);

const sign = (pass: Pass): Signed => ({
  pass,
  signature: { ...pass.headers, ...(pass.token !== undefined && { 'x-auth-token': pass.token }) },
});
