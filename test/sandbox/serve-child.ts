import { createSandbox } from '../../src/sandbox/sandbox.ts';

/** Run as a process of its own: serves the sandbox in the folder that is its argument, and prints where. */
const sandbox = await createSandbox({ dir: process.argv[2] });
const { url } = await sandbox.listen();
process.stdout.write(`${JSON.stringify({ url, credentials: sandbox.credentials })}\n`);
