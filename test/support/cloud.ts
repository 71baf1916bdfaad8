import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { it as inFolder } from './folder.ts';
import { refuseOpenFiles } from './secrets.ts';
import { type Around, type Outcome, tglance } from './tglance.ts';

/** A sandbox cloud on a port of its own, and the program logged in to it as one of its users. */
export interface TestCloud {
  readonly sandbox: Sandbox;
  readonly env: Record<string, string>;
  run(words: string | readonly string[], around?: Around): Promise<Outcome>;
  /** The same as another of the cloud's users. */
  as(name: keyof Sandbox['credentials']): TestCloud;
  /** What a command prints as JSON; it must succeed. */
  json<T = Record<string, unknown>>(words: string | readonly string[], around?: Around): Promise<T>;
}

/** Starts a cloud that lasts for one test; the test must `stop` it. */
export async function startCloud(options: SandboxOptions): Promise<TestCloud & { stop(): Promise<void> }> {
  const sandbox = await createSandbox(options);
  const { env, stop } = await sandbox.listen();
  const end = async () => {
    await stop();
    await sandbox.close();
  };
  return { ...cloudOf(sandbox, { ...env }), stop: end };
}

function cloudOf(sandbox: Sandbox, env: Record<string, string>): TestCloud {
  const run: TestCloud['run'] = (words, around = {}) =>
    tglance(words, { ...around, env: { ...env, ...around.env } });
  return {
    sandbox,
    env,
    run,
    as: (name) => {
      const { username, password, projectName } = sandbox.credentials[name];
      const other = { OS_USERNAME: username, OS_PASSWORD: password, OS_PROJECT_NAME: projectName };
      return cloudOf(sandbox, { ...env, ...other });
    },
    json: async <T>(words: string | readonly string[], around?: Around) => {
      const line = typeof words === 'string' ? words.split(' ') : words;
      const { out, err, code } = await run([...line, '-f', 'json'], around);
      if (code !== 0) throw new Error(`${line.join(' ')} ended with ${code}: ${err}`);
      return JSON.parse(out) as T;
    },
  };
}

/** A test with a folder and a cloud of its own; `cloud` is logged in as the member of project demo. */
export const it = inFolder.extend<{ cloud: TestCloud }>({
  cloud: async ({ folder, path }, use) => {
    const cloud = await startCloud({ dir: path('cloud') });
    await use(cloud);
    await cloud.stop();
    refuseOpenFiles(
      folder,
      Object.values(cloud.sandbox.credentials).map(({ password }) => password),
    );
  },
});
