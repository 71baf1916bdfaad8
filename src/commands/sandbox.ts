import { command } from '../define/command.ts';
import { readWhole, text, whole } from '../define/option.ts';
import { done } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import { writeCloudsFile } from '../sandbox/clouds-file.ts';

export const start = command({
  about: `Serve the sandbox cloud, an Image service with its own Identity service, on 127.0.0.1 until it is
interrupted. Prints the OS_* variables that any client needs. Without --dir it is the cloud that
--os-cloud sandbox uses in process.`,
  options: {
    port: { ...whole('--port <N>', 'Port to listen on; a free one when missing'), read: readPort },
    dir: text('--dir <DIRECTORY>', 'Where the images are kept', { complete: 'directory' }),
    write_clouds_yaml: text('--write-clouds-yaml <FILE>', 'Also write a clouds.yaml with the cloud in it', {
      complete: 'file',
    }),
  },
  examples: ['tglance sandbox-start --port 9292'],
  run: async ({ options }, app) => {
    const sandbox = await app.sandbox({ ...(options.dir !== undefined && { dir: options.dir }) });
    const { url, env, stop } = await sandbox.listen(options.port ?? 0);
    try {
      if (options.write_clouds_yaml !== undefined) await writeCloudsFile(options.write_clouds_yaml, env);
      const lines = Object.entries(env).map(([name, value]) => `export ${name}=${value}\n`);
      app.stdio.print(lines.join(''));
      app.stdio.tell(`The sandbox cloud answers at ${url}; Ctrl-C ends it`);
      app.signal.throwIfAborted();
      await new Promise((resolve) => app.signal.addEventListener('abort', resolve, { once: true }));
    } finally {
      await stop();
      await sandbox.close();
    }
    app.signal.throwIfAborted();
    return done();
  },
});

function readPort(word: string): number {
  const port = readWhole(word);
  if (port < 0 || port > 65_535) throw new UsageError(`'${word}' is not a port: these are 0 to 65535`);
  return port;
}
