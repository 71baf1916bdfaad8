import { ServiceError } from '../errors.ts';
import { errorDetail } from '../http/body.ts';
import type { Response } from '../http/message.ts';

/** The Identity service's own words, with the ID that its operators find the request by. */
export async function identityRefusal(response: Response): Promise<ServiceError> {
  const requestId = response.headers['x-openstack-request-id'];
  const detail = await errorDetail(response);
  const id = requestId === undefined ? '' : ` (Request-ID: ${requestId})`;
  return new ServiceError(response.status, detail, `${detail} (HTTP ${response.status})${id}`, requestId);
}
