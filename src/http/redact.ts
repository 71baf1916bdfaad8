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
    .replace(inQuotedJson, `$1\\"${blank}\\"`)
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

/** The same in JSON that stands in a text of JSON: `\"adminPass\": \"…\"`. */
const inQuotedJson = new RegExp(
  `(\\\\"[^"\\\\]{0,64}(?:${names}|pass)[^"\\\\]{0,64}\\\\"\\s*:\\s*)\\\\"(?:[^"\\\\]|\\\\\\\\(?:\\\\.|[^"\\\\])|\\\\[^"\\\\])*(?:\\\\"|$)`,
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

/** As it is, in JSON and in JSON within JSON, in URLs and forms, in HTML, in Base64. */
function spellingsOf(secret: string): string[] {
  const once = [secret, ...jsonSpellings(secret)];
  const entities = htmlSpellings(secret);
  return [
    ...new Set([
      ...once,
      ...once.flatMap(jsonSpellings),
      ...urlSpellings(secret),
      ...entities,
      ...base64(secret),
    ]),
  ];
}

/** JSON of Node's taste, of Python's in both cases, of PHP's, and of Go's. */
function jsonSpellings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[^\0-\x7f]/g, unicodeEscape);
  const upper = json.replace(/[^\0-\x7f]/g, (it) => `\\u${unicodeEscape(it).slice(2).toUpperCase()}`);
  return [
    json,
    ascii,
    upper,
    ascii.replaceAll('/', '\\/'),
    json.replace(/[<>&\u2028\u2029]/g, unicodeEscape),
  ];
}

const unicodeEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

function urlSpellings(secret: string): string[] {
  // By way of a Buffer, since half a surrogate pair cannot be encoded.
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const strict = url.replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [url, strict, strict.replaceAll('%20', '+')];
  return [...upper, ...upper.map((it) => it.replace(/%../g, (code) => code.toLowerCase()))];
}

const htmlSpellings = (secret: string): string[] => {
  const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = text.replaceAll('"', '&quot;');
  return [text, ...['&#39;', '&#x27;', '&apos;'].map((quote) => quoted.replaceAll("'", quote))];
};

/** What all encodings of a text that ends in the secret share, wherever in three bytes it begins: `user:secret`. */
function base64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString('base64url');
  const shared = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64url')
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)),
  );
  // shorter ones stand in other words
  const long = [whole, ...shared].filter((it) => it.length > 5);
  return [...long, ...long.map((it) => it.replaceAll('-', '+').replaceAll('_', '/'))];
}
