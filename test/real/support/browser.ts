import { request } from 'undici';

/** Where a browser came to rest. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
}

/** What somebody types into the fields of forms, by their names. */
export type Answers = Readonly<Record<string, string>>;

/**
 * Plays a person at a browser: follows redirects, keeps cookies, fills in and sends every form it is shown. It stays at
 * the first page without a form, and goes to no address that `stop` takes for itself.
 */
export async function browse(
  address: string,
  answers: Answers = {},
  stop: (url: URL) => boolean = () => false,
): Promise<Page> {
  const jar = new Map<string, string>();
  let step: Step = { url: new URL(address) };
  for (let steps = 0; steps < 25; steps++) {
    if (stop(step.url)) return { url: step.url, status: 0, text: '' };
    const { page, location } = await visit(step, jar);
    const form = /<form\b.*?<\/form>/s.exec(page.text)?.[0];
    if (location !== undefined) step = { url: new URL(location, page.url) };
    else if (form !== undefined && page.status < 400) step = filledIn(form, answers, page.url);
    else return page;
  }
  throw new Error(`The browser is led around in circles: ${step.url}`);
}

interface Step {
  readonly url: URL;
  /** What a form sends, and whose it is. */
  readonly form?: { readonly fields: URLSearchParams; readonly origin: string };
}

async function visit(
  { url, form }: Step,
  jar: Map<string, string>,
): Promise<{ page: Page; location?: string }> {
  // ports share cookies: https://www.rfc-editor.org/rfc/rfc6265#section-8.5
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await request(url, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'text/html',
      cookie,
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: form.fields.toString() }),
  });
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    jar.set(name, value);
  }
  const page = { url, status: answer.statusCode, text: await answer.body.text() };
  const { location } = answer.headers;
  return typeof location === 'string' ? { page, location } : { page };
}

function filledIn(form: string, answers: Answers, base: URL): Step {
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, answers[name] ?? attribute(input, 'value') ?? '');
  }
  return { url: new URL(attribute(form, 'action') ?? '', base), form: { fields, origin: base.origin } };
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
