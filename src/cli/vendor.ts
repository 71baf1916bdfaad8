import type { Values } from '../config/resolve.ts';
import { ServiceError } from '../errors.ts';
import { caps, errorDetail, readJson } from '../http/body.ts';
import { networkWire, type Outside } from './wire.ts';

/** Gets what a vendor's address says of its cloud: without a login, and from nowhere else. */
export async function askVendor(
  url: URL,
  trust: Values,
  outside: Outside,
  signal: AbortSignal,
): Promise<unknown> {
  const wire = await networkWire(trust, outside);
  try {
    const response = await wire.plain({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      signal,
    });
    if (response.status !== 200) {
      const detail = await errorDetail(response);
      throw new ServiceError(response.status, detail, `Cannot get the profile ${url}: HTTP ${detail}`);
    }
    return await readJson(response, caps.token);
  } finally {
    wire.close();
  }
}
