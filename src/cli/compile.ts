import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../sandbox/sandbox.ts';

/** Runs short commands of the built program on a cloud of its own, so that what V8 compiles for them is kept. */
async function compile(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tglance-'));
  const sandbox = await createSandbox({ dir: join(home, 'cloud') });
  const { env, stop } = await sandbox.listen();
  try {
    for (const line of lines) {
      const words = line.replaceAll('~', home).split(' ');
      const child = spawn(process.execPath, ['bin/keep-compiled.js', ...words], {
        env: { ...env, HOME: home },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`'${line}' ended with ${code}`);
    }
  } finally {
    await stop();
    await sandbox.close();
    await rm(home, { recursive: true });
  }
}

const lines = [
  'file-convert package.json ~/disk.qcow2',
  'file-convert ~/disk.qcow2 ~/disk.raw',
  'file-inspect ~/disk.qcow2',
  'image-create --name disk',
  'image-list',
  'image-list -f json',
  'image-show disk',
];

compile().catch((error: Error) => {
  // the program runs without it, only slower
  console.error(`Nothing could be compiled beforehand: ${error.message}`);
});
