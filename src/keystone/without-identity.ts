import { MissingSetting } from '../errors.ts';
import type { AuthType } from './auth-types.ts';
import { basic } from './basic.ts';
import type { Credentials } from './credentials.ts';
import { need, needSecret } from './need.ts';
import type { Desk, Pass } from './pass.ts';

/** A service that trusts everybody. */
export const none = withoutIdentity(async () => ({ token: undefined }));

/** A token that the service itself knows, or knows how to check. */
export const adminToken = withoutIdentity(async (given, desk) => ({
  token: await needSecret(given, desk, 'auth_token', 'Token'),
}));

/** A service that asks for the password itself. */
export const httpBasic = withoutIdentity(async (given, desk) => {
  const name = need(given, 'username');
  const password = await needSecret(given, desk, 'password', 'OS Password');
  return { token: undefined, headers: { authorization: basic(name, password, desk) } };
});

/**
 * A client certificate says who asks, and headers for what.
 * https://docs.openstack.org/keystone/latest/admin/configure_tokenless_x509.html
 */
export const tokenless = withoutIdentity(async (given) => {
  need(given, 'cert');
  return { token: undefined, headers: scopeHeaders(given) };
});

/** Nobody gives a catalog, so the Image service's own URL must be known. */
function withoutIdentity(
  prove: (given: Credentials, desk: Desk) => Promise<Pick<Pass, 'token' | 'headers'>>,
): AuthType {
  return {
    logIn: async (given, desk) => {
      if (given.image_url === undefined) {
        throw new MissingSetting(
          `Without an Identity service there is no catalog: say where the Image service is with --os-endpoint, OS_ENDPOINT, or endpoint in clouds.yaml (auth type ${given.auth_type})`,
        );
      }
      const proof = await prove(given, desk);
      return { ...proof, issued: desk.clock(), expires: Number.MAX_SAFE_INTEGER, catalog: [], about: {} };
    },
  };
}

function scopeHeaders(given: Credentials): Readonly<Record<string, string>> {
  const { project_id, project_name, project_domain_id, project_domain_name, domain_id, domain_name } = given;
  if (project_id !== undefined) return { 'x-project-id': project_id };
  if (project_name !== undefined) {
    const within: Record<string, string> =
      project_domain_name !== undefined && project_domain_id === undefined
        ? { 'x-project-domain-name': project_domain_name }
        : { 'x-project-domain-id': project_domain_id ?? 'default' };
    return { 'x-project-name': project_name, ...within };
  }
  if (domain_id !== undefined) return { 'x-domain-id': domain_id };
  if (domain_name !== undefined) return { 'x-domain-name': domain_name };
  throw new MissingSetting('This login needs a project or a domain: set --os-project-id or --os-domain-id');
}
