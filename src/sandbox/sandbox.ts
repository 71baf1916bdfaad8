import { answering } from './answering.ts';
import { openCloud } from './cloud.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Fault } from './faults.ts';
import { serve } from './listen.ts';
import { type Login, loginOf, type Name, variables } from './people.ts';

export type { Exchange, Reply } from './exchange.ts';

export interface SandboxOptions {
  /** Records and data are kept there; a temporary folder that `close` removes when missing. */
  readonly dir?: string | undefined;
  /** ms since 1970 */
  readonly clock?: () => number;
  readonly tokenSeconds?: number;
  /** Images say where their data are, and let it be changed; few clouds allow that. */
  readonly showsLocations?: boolean;
  /** The most that the image cache may hold after it was pruned, in bytes; 10 GiB, as Glance has it. */
  readonly cacheBytes?: number;
  readonly faults?: readonly Fault[];
}

export interface Sandbox {
  /** Answers one request without a socket; URLs begin with the request's Host, or `http://sandbox.invalid`. */
  answer(request: Exchange): Promise<Reply>;
  /** Serves on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<Listening>;
  /** What to log in with: an admin, and members of two projects. */
  readonly credentials: Readonly<Record<Name, Login>>;
  /** Waits for imports that are under way, then lets go of the folder. */
  close(): Promise<void>;
}

export interface Listening {
  readonly url: string;
  /** The OS_ variables for the member of project demo. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends within two seconds, also in the middle of transfers. */
  stop(): Promise<void>;
}

/**
 * The Identity service (v3) below /v3, the Image service (v2) below /image, as strict as the real ones, and as much of
 * Block Storage (v3) as it takes to make images of volumes, below /volume.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { dir, clock = Date.now, tokenSeconds = 3600, showsLocations = false, faults = [] } = options;
  const { cacheBytes = 10 * 2 ** 30 } = options;
  const { cloud, close } = await openCloud(dir, { clock, tokenSeconds, showsLocations, cacheBytes });
  const answer = answering(cloud, faults);
  const logins = cloud.people.all.map((person) => [person.name, loginOf(person)]);
  const credentials = Object.fromEntries(logins) as Record<Name, Login>;
  return {
    answer,
    credentials,
    async listen(port = 0) {
      const served = await serve(answer, port);
      const url = `http://127.0.0.1:${served.port}`;
      const stop = () => {
        cloud.stopping.abort();
        return served.stop();
      };
      return { url, env: variables(url, credentials.demo), stop };
    },
    close,
  };
}
