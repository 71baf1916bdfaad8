import { describe, expect, it } from 'vitest';
import { redact, redactHeader } from '../../src/http/redact.ts';

describe('P23: under a name that says secret, a value is blanked', () => {
  it.each([
    ['{"name":"a","password":"p\\"w","domain":"d"}', '{"name":"a","password":"***","domain":"d"}'],
    ['{"adminPass" : "x", "passcode": "123456"}', '{"adminPass" : "***", "passcode": "***"}'],
    [
      '{"application_credential":{"id":"i","secret":"s"}}',
      '{"application_credential":{"id":"i","secret":"***"}}',
    ],
    ['{"auth":{"token":{"id":"gAAA"}}}', '{"auth":{"token":{"id":"***"}}}'],
    [
      '{"access":{"token":{"expires":"2030","id":"gAAA"}}}',
      '{"access":{"token":{"expires":"2030","id":"***"}}}',
    ],
    ['{"access_token":"a","id_token": "b"}', '{"access_token":"***","id_token": "***"}'],
    [
      String.raw`{"message":"bad: {\"name\": \"n\", \"password\": \"se\\\"cr\\\\et\u00ef9\", \"a\": \"b\"}"}`,
      String.raw`{"message":"bad: {\"name\": \"n\", \"password\": \"***\", \"a\": \"b\"}"}`,
    ],
    ['{"a":1,"password":"cut of', '{"a":1,"password":"***"'],
    [
      'grant_type=password&client_secret=s%20t&password=p',
      'grant_type=password&client_secret=***&password=***',
    ],
    ['https://h/p?temp_url_sig=abc&temp_url_expires=1', 'https://h/p?temp_url_sig=***&temp_url_expires=1'],
    [
      'https://h/p?X-Amz-Signature=abc&X-Amz-Credential=k%2Fd&limit=2',
      'https://h/p?X-Amz-Signature=***&X-Amz-Credential=***&limit=2',
    ],
    ['see http://user:pa@ss@host/x', 'see http://***@host/x'],
    ['swift+https://acc%3Auser:key@host/v1/c/o', 'swift+https://***@host/v1/c/o'],
    ['rejected: token=gAAA, sorry', 'rejected: token=*** sorry'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

it.each([
  '{"name":"Cirros","size":12,"tags":["a=b"]}',
  'No image found with ID nope',
  'https://host:9292/v2/images?limit=20&marker=abc&sort_key=name&design=x',
  "'password' is a required property",
  'mail someone@example.test about http://host/a?b=c@d',
])('leaves alone: %s', (text) => {
  expect(redact(text)).toBe(text);
});

describe('P23: a known secret is blanked wherever it stands', () => {
  const secret = 'pä"ss/wo rd!';
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON of ASCII', '"p\\u00e4\\"ss/wo rd!"'],
    ['in a path', encodeURIComponent(secret)],
    ['in a query', 'p%C3%A4%22ss%2Fwo%20rd%21'],
    ['in a form', 'p%C3%A4%22ss%2Fwo+rd%21'],
    ['in JSON of ASCII, upper case', '"p\\u00E4\\"ss/wo rd!"'],
    ['in JSON of PHP', '"p\\u00e4\\"ss\\/wo rd!"'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in JSON of ASCII in JSON', 'p\\\\u00e4\\\\\\"ss/wo rd!'],
    ['in a query, lower case', 'p%c3%a4%22ss%2fwo%20rd%21'],
    ['in a form, lower case', 'p%c3%a4%22ss%2fwo+rd%21'],
    ['in HTML', 'pä&quot;ss/wo rd!'],
    ['in Base64', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
    ['in Base64 for URLs', Buffer.from(secret).toString('base64url')],
  ])('%s', (_where, written) => {
    expect(redact(`you said ${written}, no?`, [secret])).toMatch(/^you said "?\*\*\*"?, no\?$/);
  });

  it.each(['', 'a:', 'ad:', 'adm:', 'admi:'])('in Base64 behind %j', (user) => {
    const written = Buffer.from(user + secret).toString('base64');
    const shown = redact(`Basic ${written}`, [secret]);
    expect(shown).toContain('***');
    expect(Buffer.from(shown.split('***').at(-1) ?? '', 'base64').length).toBeLessThan(2);
    expect(Buffer.from(shown.slice(6).split('***')[0] ?? '', 'base64').length).toBeLessThan(user.length + 1);
  });

  it('also when it begins with another one', () => {
    expect(redact('is it abcdef?', ['abcd', 'abcdef'])).toBe('is it ***?');
  });

  it('but not when it is too short to be one', () => {
    expect(redact('an image', ['a', ''])).toBe('an image');
  });

  it('and half a surrogate pair does no harm', () => {
    expect(redact('x', ['abc\ud800'])).toBe('x');
  });
});

it.each([
  'x-auth-token',
  'X-Subject-Token',
  'authorization',
  'set-cookie',
  'cookie',
  'openstack-auth-receipt',
  'x-service-token',
  'x-amz-security-token',
])('P23: the header %s is blanked', (name) => {
  expect(redactHeader(name, 'abc')).toBe('***');
});

it('other headers are shown, secrets in them are not', () => {
  expect(redactHeader('content-type', 'text/plain')).toBe('text/plain');
  expect(redactHeader('location', 'http://u:p@h/?token=abcdef')).toBe('http://***@h/?token=***');
});

it('takes no longer for text made to take long', () => {
  const half = 500_000;
  for (const piece of [
    '"',
    'token',
    '"token',
    'a+',
    'a://',
    '?',
    'http://@',
    '"token":{',
    '{"id":"',
    '\\"',
    '\\"token\\":\\"',
    '\\"token\\":\\"a"',
    '\\\\',
  ]) {
    redact(piece.repeat(half / piece.length));
  }
});
