import { AnswerError, MissingSetting } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import { basic } from './basic.ts';
import type { Credentials } from './credentials.ts';
import { digText } from './dig.ts';
import { encryptedUrl } from './encrypted-url.ts';
import { type Form, postForm, type Said } from './form.ts';
import { need } from './need.ts';
import type { Desk } from './pass.ts';
import { loginRefusal } from './refusal.ts';

/** What OpenID Connect calls the addresses that a login goes to, and the settings that stand before what a provider says of itself. */
const settings = {
  token_endpoint: 'access_token_endpoint',
  device_authorization_endpoint: 'device_authorization_endpoint',
  authorization_endpoint: undefined,
} as const;

type Endpoint = keyof typeof settings;

/**
 * Where the provider is: as it was set, or as the provider's own document has it.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export async function providerAt<const Names extends readonly Endpoint[]>(
  names: Names,
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Readonly<Record<Names[number], URL>>> {
  const known = (name: Endpoint) => {
    const setting = settings[name];
    return setting && given[setting];
  };
  const document = names.every((name) => known(name) !== undefined)
    ? undefined
    : await discovered(names, given, desk, signal);
  const urls = names.map((name) => {
    const address = known(name) ?? digText(document, name);
    if (address !== undefined) return [name, encryptedUrl(address, name, given)];
    throw new AnswerError(`${given.discovery_endpoint} names no ${name}`);
  });
  return Object.fromEntries(urls);
}

async function discovered(
  names: readonly Endpoint[],
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<unknown> {
  if (given.discovery_endpoint === undefined) {
    const wanted = names.flatMap((name) => settings[name] ?? []);
    throw new MissingSetting(
      `This login needs discovery_endpoint${wanted.length > 0 ? `, or ${wanted.join(' and ')}` : ''}: set --os-discovery-endpoint, OS_DISCOVERY_ENDPOINT, or discovery_endpoint in clouds.yaml`,
    );
  }
  const url = encryptedUrl(given.discovery_endpoint, 'discovery_endpoint', given);
  const response = await desk.send({ method: 'GET', url, headers: { accept: 'application/json' }, signal });
  if (response.status !== 200) throw await loginRefusal(response, `${url.origin}: `);
  return readJson(response, caps.token);
}

/** Sends the provider a form as the client that is set. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
export function tellProvider(
  url: URL,
  form: Form,
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Said> {
  const id = need(given, 'client_id');
  if (given.client_secret === undefined) return postForm(url, { client_id: id, ...form }, desk, signal);
  const client = basic(encodeURIComponent(id), encodeURIComponent(given.client_secret), desk);
  return postForm(url, form, desk, signal, client);
}
