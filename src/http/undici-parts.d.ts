// undici ships types for the whole package only; these are the two parts of it that undici.ts loads.

declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net';
  import type { buildConnector } from 'undici';

  const connector: (
    options: buildConnector.BuildOptions,
  ) => (target: buildConnector.Options, done: buildConnector.Callback) => Socket;
  export default connector;
}
