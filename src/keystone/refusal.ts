import { LoginRefused, ServiceError } from '../errors.ts';
import { errorDetail } from '../http/body.ts';
import type { Response } from '../http/message.ts';

/** The words of whoever checks who one is, and who that is; a server that fails has not said no. */
export async function loginRefusal(response: Response, who = ''): Promise<ServiceError> {
  const { status, detail, message, requestId } = await identityRefusal(response);
  const Kind = status < 500 && status !== 429 ? LoginRefused : ServiceError;
  return new Kind(status, detail, who + message, requestId);
}

/** The Identity service's own words, with the ID that its operators find the request by. */
export async function identityRefusal(response: Response): Promise<ServiceError> {
  const requestId = response.headers['x-openstack-request-id'];
  const detail = await errorDetail(response);
  const id = requestId === undefined ? '' : ` (Request-ID: ${requestId})`;
  return new ServiceError(response.status, detail, `${detail} (HTTP ${response.status})${id}`, requestId);
}
