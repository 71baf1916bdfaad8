import { ServiceError } from '../errors.ts';
import type { LogIn, Pass } from './pass.ts';
import { isFresh } from './session.ts';

/** Where passes lie from one run to the next. Nothing here fails: what cannot be kept is not. */
export interface PassKeep {
  /** The pass of this login. */
  read(): Pass | undefined;
  /** Those of the same person for other projects or regions. */
  others(): readonly Pass[];
  write(pass: Pass): void;
  drop(): void;
  /** Waits until `ready` finds something, or until no other process is at `act`; then it acts. */
  alone<T>(ready: () => T | undefined, act: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * The same login, made only when no pass is kept that still holds. A pass for another project is exchanged for one that
 * is wanted, which spares asking for the password; `exchange` is the login by token.
 */
export const keeping =
  (
    logIn: LogIn,
    keep: PassKeep,
    exchange: (pass: Pass, signal?: AbortSignal) => Promise<Pass | undefined>,
    clock: () => number,
  ): LogIn =>
  async (signal, refused) => {
    const holds = (pass: Pass) => pass.token !== refused?.token && isFresh(pass, clock());
    const kept = () => {
      const pass = keep.read();
      return pass !== undefined && holds(pass) ? { ...pass, kept: true } : undefined;
    };
    const make = async () => {
      const [other] = keep
        .others()
        .filter(holds)
        .sort((a, b) => b.expires - a.expires);
      const exchanged = other && (await exchange(other, signal).catch(ifRefused));
      const pass = exchanged ?? (await logIn(signal));
      // what needs no login lasts for ever
      if (Number.isFinite(pass.expires)) keep.write(pass);
      return pass;
    };
    return kept() ?? keep.alone(kept, make, signal);
  };

/** Not every cloud allows it, nor every token. */
function ifRefused(error: unknown): undefined {
  if (!(error instanceof ServiceError)) throw error;
}
