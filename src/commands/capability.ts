import { ServiceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';

/** What a server says that does not know the path or the method. */
const unknown = [404, 405, 501];

/**
 * An answer that not every server gives. The call itself is the test; when it is refused, the exact version among
 * those that the service lists tells a missing ability from a missing thing.
 */
export async function orUnsupported<T>(
  answer: Promise<T>,
  { info }: Glance,
  version: string,
  meaning: string,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ServiceError) || !unknown.includes(error.status)) throw error;
    if (await info.speaks(version)) throw error;
    throw new ServiceError(501, error.detail, meaning, error.requestId);
  }
}
