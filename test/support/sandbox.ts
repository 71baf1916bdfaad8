import { onTestFinished } from 'vitest';
import type { Name } from '../../src/sandbox/people.ts';
import { variables } from '../../src/sandbox/people.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

/** A fresh cloud on a free port for the test that is running: gone, with its folder, when the test is over. */
export async function sandboxCloud(options: SandboxOptions = {}) {
  const sandbox = await createSandbox(options);
  const { url, env, stop } = await sandbox.listen();
  onTestFinished(async () => {
    await stop();
    await sandbox.close();
  });
  /** The OS_ variables for another of the three users. */
  const envOf = (name: Name) => variables(url, sandbox.credentials[name]);
  return { url, env, envOf, credentials: sandbox.credentials, stop };
}
