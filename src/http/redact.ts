/** What stands in place of a secret. */
const blank = '***';

/**
 * `text` without secrets: neither the given ones, however they are written, nor what stands in JSON, in URLs or in
 * forms under a name that says secret. Given ones below four characters would blank half of every sentence.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  const spellings = [...secrets].filter((secret) => secret.length >= 4).flatMap(spellingsOf);
  // The longest first: a secret may be the beginning of another.
  spellings.sort((a, b) => b.length - a.length);
  return spellings
    .reduce((result, spelling) => result.replaceAll(spelling, blank), text)
    .replace(inJson, `$1"${blank}"`)
    .replace(tokenId, `$1"${blank}"`)
    .replace(inUrl, `$1${blank}@`)
    .replace(inQuery, `$1${blank}`);
}

/** The value of a header as it may be shown. */
export const redactHeader = (name: string, value: string, secrets: Iterable<string> = []): string =>
  secretHeaders.test(name) ? blank : redact(value, secrets);

const names =
  'password|passwd|passcode|passphrase|secret|token|receipt|device_code|credential|api_?key|access_?key|private_?key|signature|(?:\\b|_)sig\\b';

// The bounds in these keep their time in proportion to the text.

/** `"adminPass": "…"`; a text that was cut may have lost the last quote. */
const inJson = new RegExp(
  `("[^"\\\\]{0,64}(?:${names}|pass)[^"\\\\]{0,64}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*(?:"|$)`,
  'gi',
);

/** `"token": {"id": "…"}` of a login by token. */
const tokenId = /("token"\s*:\s*\{[^{}]{0,999}?"id"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)/gi;

/** `swift+https://user:password@host`. */
const inUrl = /\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"']{0,999}@/gi;

/** `?temp_url_sig=…&X-Amz-Signature=…`, and the body of a form. */
const inQuery = new RegExp(
  `((?:^|[?&;\\s'"])[^=?&;\\s'"]{0,64}(?:${names})[^=?&;\\s'"]{0,64}=)[^&;\\s'"]+`,
  'gi',
);

const secretHeaders = new RegExp(
  `^(authorization|proxy-authorization|cookie|set-cookie|.*(${names}).*)$`,
  'i',
);

/** As it is, in JSON of two tastes, in a URL of two tastes, in a form. */
function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[^\0-\x7f]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // By way of a Buffer, since half a surrogate pair cannot be encoded.
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const strict = url.replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...new Set([secret, json, ascii, url, strict, strict.replaceAll('%20', '+')])];
}
