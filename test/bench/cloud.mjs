import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Starts the server; `image` is the size and the hashes of the data that are moved. */
export async function startCloud(image) {
  const child = fork(join(import.meta.dirname, 'server.mjs'), [JSON.stringify(image)]);
  child.on('exit', (code) => {
    if (child.connected || code !== 0) throw new Error(`The server of the benchmarks ended with ${code}`);
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const ask = (word) => {
    child.send(word);
    return answer();
  };
  const { port } = await answer();
  return {
    /** A cloud with that many images. */
    url: (total) => `http://127.0.0.1:${port}/with-${total}`,
    /** From here on requests are counted anew, and the image to upload has no data. */
    begin: () => ask('begin'),
    /** Requests, connections and received bytes since. */
    counted: () => ask('counted'),
    stop: () => child.disconnect(),
  };
}

/** The variables that lead clients to the cloud at `url`. */
export const login = (url) => ({
  OS_AUTH_URL: `${url}/v3`,
  OS_IDENTITY_API_VERSION: '3',
  OS_USERNAME: 'bench',
  OS_PASSWORD: 'bench',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_NAME: 'bench',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'RegionOne',
});
