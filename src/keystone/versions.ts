import { TglanceError } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import { dig, digList, digText } from './dig.ts';
import type { Desk } from './pass.ts';

/** Where an Identity service has each of its versions: URLs to log in at. */
export interface Versions {
  readonly v3: string | undefined;
  readonly v2: string | undefined;
}

/**
 * What the document at `root` says; undefined when there is none. A link to another origin is of no use, as servers
 * behind a proxy often give their inner name: then the version is where it usually is.
 * https://docs.openstack.org/api-ref/identity/v3/#list-versions
 */
export async function versionsAt(
  root: string,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Versions | undefined> {
  const url = new URL(`${root}/`);
  const headers = { accept: 'application/json' };
  try {
    const response = await desk.send({ method: 'GET', url, headers, signal });
    const answer = await readJson(response, caps.token);
    const listed = [...digList(answer, 'versions'), ...digList(answer, 'versions', 'values')];
    const link = (pattern: RegExp, usual: string): string | undefined => {
      const version = listed.find((it) => pattern.test(digText(it, 'id') ?? ''));
      return version === undefined ? undefined : (ownLink(version, url) ?? root + usual);
    };
    const versions = { v3: link(/^v3\b/, '/v3'), v2: link(/^v2\b/, '/v2.0') };
    return versions.v3 === undefined && versions.v2 === undefined ? undefined : versions;
  } catch (error) {
    // whoever asks has a refusal at hand that says more
    if (error instanceof TglanceError) return undefined;
    throw error;
  }
}

function ownLink(version: unknown, from: URL): string | undefined {
  const self = digList(version, 'links').find((link) => dig(link, 'rel') === 'self');
  const href = digText(self, 'href') ?? '';
  return URL.canParse(href) && new URL(href).origin === from.origin ? href : undefined;
}
