import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { proxiesOf } from '../../src/http/proxy.ts';

type Env = Record<string, string>;

const chosen = (env: Env, url: string) => {
  const proxy = proxiesOf(env)(new URL(url));
  return proxy && `${proxy.url.origin} ${proxy.variable}`;
};

describe('the proxy to a server', () => {
  it.each<[string, Env, string, string | undefined]>([
    ['is none when nobody names one', {}, 'https://cloud/', undefined],
    ['is named for the protocol', { https_proxy: 'http://p:1' }, 'https://cloud/', 'http://p:1 https_proxy'],
    ['is not that of another', { https_proxy: 'http://p:1' }, 'http://cloud/', undefined],
    ['may be named in capitals', { HTTPS_PROXY: 'http://p:1' }, 'https://cloud/', 'http://p:1 HTTPS_PROXY'],
    [
      'is the one in small letters of two',
      { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' },
      'https://cloud/',
      'http://q:2 https_proxy',
    ],
    ['is none when that is empty', { HTTP_PROXY: 'http://p:1', http_proxy: '' }, 'http://cloud/', undefined],
    ['may be the one for all', { ALL_PROXY: 'http://p:1' }, 'http://cloud/', 'http://p:1 ALL_PROXY'],
    [
      'is only then the one for all',
      { all_proxy: 'http://p:1', HTTP_PROXY: 'http://q:2' },
      'http://cloud/',
      'http://q:2 HTTP_PROXY',
    ],
    [
      'does not come from a header of a web server',
      { HTTP_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' },
      'http://cloud/',
      undefined,
    ],
    [
      'but in small letters it cannot',
      { http_proxy: 'http://p:1', REQUEST_METHOD: 'GET' },
      'http://cloud/',
      'http://p:1 http_proxy',
    ],
    ['needs no protocol', { http_proxy: 'p:3128' }, 'http://cloud/', 'http://p:3128 http_proxy'],
    ['nor a port', { http_proxy: '//p' }, 'http://cloud/', 'http://p http_proxy'],
    ['may speak TLS', { http_proxy: 'https://p' }, 'http://cloud/', 'https://p http_proxy'],
    ['may have an IPv6 address', { http_proxy: '[::1]:8' }, 'http://cloud/', 'http://[::1]:8 http_proxy'],
    ['is there for loopback too', { http_proxy: 'p' }, 'http://127.0.0.1:1/', 'http://p http_proxy'],
  ])('%s', (_what, env, url, proxy) => {
    expect(chosen(env, url)).toBe(proxy);
  });
});

describe('no_proxy', () => {
  it.each<[string, string, boolean]>([
    ['cloud.example', 'http://cloud.example/', true],
    ['cloud.example', 'http://image.cloud.example:9292/', true],
    ['cloud.example', 'http://notcloud.example/', false],
    ['.cloud.example', 'http://image.cloud.example/', true],
    ['.cloud.example', 'http://cloud.example/', true],
    ['*.cloud.example', 'http://image.cloud.example/', true],
    ['CLOUD.example', 'http://Cloud.EXAMPLE./', true],
    ['a, b c,,d', 'http://c/', true],
    ['a, b c,,d', 'http://e/', false],
    ['*', 'http://anything/', true],
    ['a,*', 'http://[::1]/', true],
    ['cloud:9292', 'http://cloud:9292/', true],
    ['cloud:9292', 'http://cloud:5000/', false],
    ['cloud:80', 'http://cloud/', true],
    ['cloud:443', 'http://cloud/', false],
    ['127.0.0.1', 'http://127.0.0.1:9292/', true],
    ['127.0.0.1:5000', 'http://127.0.0.1:9292/', false],
    ['127.0.0.1', 'http://localhost/', false],
    ['localhost', 'http://127.0.0.1/', false],
    ['10.0.0.0/8', 'http://10.1.2.3/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['10.0.0.0/33', 'http://10.0.0.0/', false],
    ['10.0.0.0/', 'http://10.0.0.0/', false],
    ['0.0.0.0/0', 'http://10.0.0.0/', true],
    ['10.0.0.0/8', 'http://10.example/', false],
    ['.0.0.1', 'http://127.0.0.1/', false],
    ['::1', 'http://[::1]:9292/', true],
    ['[::1]', 'http://[0:0::1]/', true],
    ['[::1]:5000', 'http://[::1]:9292/', false],
    ['fd00::/8', 'http://[fd12::5]/', true],
    ['fd00::/8', 'http://[fe80::5]/', false],
    ['.', 'http://cloud/', false],
  ])("'%s' and %s: %s", (list, url, direct) => {
    expect(chosen({ http_proxy: 'p', NO_PROXY: list }, url)).toBe(direct ? undefined : 'http://p http_proxy');
  });
});

it('P23: credentials of a proxy are kept apart from its address', () => {
  const proxy = proxiesOf({ http_proxy: 'http://us%40er:pa%3ass%@p:8' })(new URL('http://cloud/'));
  expect(proxy).toEqual({
    url: new URL('http://p:8'),
    authorization: `Basic ${Buffer.from('us@er:pa%3ass%').toString('base64')}`,
    variable: 'http_proxy',
    secrets: ['pa%3ass%', Buffer.from('us@er:pa%3ass%').toString('base64')],
  });
});

it.each<[Env, string]>([
  [
    { ALL_PROXY: 'socks5://u:secret@p:1080' },
    'ALL_PROXY names the proxy socks5://p:1080, but only http and https proxies can be used',
  ],
  [
    { http_proxy: 'ftp://p' },
    'http_proxy names the proxy ftp://p, but only http and https proxies can be used',
  ],
  [{ http_proxy: 'http://u:secret@[p' }, 'http_proxy does not hold the URL of a proxy'],
  [{ http_proxy: 'u:secret@p:port' }, 'http_proxy does not hold the URL of a proxy'],
])('P37: %j cannot be used', (env, message) => {
  expect(() => proxiesOf(env)(new URL('http://cloud/'))).toThrow(new UsageError(message));
});
