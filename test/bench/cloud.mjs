import { fork, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Starts the server; `image` is the size and the hashes of the data that are moved, `home` a folder for its secrets. */
export async function startCloud(image, home) {
  const tls = certificate(home);
  const child = fork(join(import.meta.dirname, 'server.mjs'), [JSON.stringify({ image, tls })]);
  child.on('exit', (code, signal) => {
    if (child.connected || code !== 0)
      throw new Error(`The server of the benchmarks ended with ${code ?? signal}`);
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const ask = (word) => {
    child.send(word);
    return answer();
  };
  const [port, tlsPort] = await answer();
  const url = (total, secure = false) =>
    `${secure ? 'https' : 'http'}://127.0.0.1:${secure ? tlsPort : port}/with-${total}`;
  return {
    /** A cloud with that many images. */
    url,
    /** Whether it can be reached over TLS, too. */
    isSecure: tls !== undefined,
    /** The variables that lead clients to it. */
    login: ({ total = 0, secure }) => ({
      OS_AUTH_URL: `${url(total, secure)}/v3`,
      ...(secure && { OS_CACERT: join(home, 'certificate') }),
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: 'bench',
      OS_PASSWORD: 'bench',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_NAME: 'bench',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: 'RegionOne',
    }),
    /** From here on requests are counted anew, and the image to upload has no data. */
    begin: () => ask('begin'),
    /** Requests, connections and received bytes since. */
    counted: () => ask('counted'),
    stop: () => child.disconnect(),
  };
}

/** A key and a certificate for this machine, undefined without openssl. */
function certificate(home) {
  const [key, cert] = [join(home, 'key'), join(home, 'certificate')];
  const words = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-noenc',
    '-days',
    '2',
  ];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = spawnSync('openssl', [...words, ...name, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  if (made.status !== 0) return undefined;
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
