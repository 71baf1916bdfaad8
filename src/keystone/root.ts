import { MissingSetting } from '../errors.ts';

/** The Identity service's root, whatever version the URL ends in: no request is spent on finding out. */
export function identityRoot(authUrl: string | undefined): string {
  if (authUrl === undefined) {
    throw new MissingSetting('You must provide an auth url via either --os-auth-url or via env[OS_AUTH_URL]');
  }
  const url = URL.canParse(authUrl) ? new URL(authUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new MissingSetting(
      `The auth url '${authUrl}' is not a http or https URL (--os-auth-url, OS_AUTH_URL)`,
    );
  }
  return `${url.origin}${url.pathname.replace(/(\/v[0-9.]+)?\/*$/, '')}`;
}
