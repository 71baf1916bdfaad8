import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskImage } from './disk-image.mjs';

// The main job on the sandbox cloud: create, list, show, download, verify; everything below a folder of its own.
const folder = mkdtempSync(join(tmpdir(), 'tglance-demo-'));
const program = join(import.meta.dirname, '../../bin/tglance.js');
const env = { ...process.env, OS_CLOUD: 'sandbox', XDG_DATA_HOME: folder };

function tglance(...words) {
  console.log(
    `\n$ tglance ${words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`,
  );
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  if (status !== 0) throw new Error(`tglance ${words[0]} ended with ${status}`);
  return stdout;
}

const sha512 = (path) => createHash('sha512').update(readFileSync(path)).digest('hex');

try {
  const { path, format, about } = diskImage(folder);
  console.log(`The image is ${about}: ${path}`);
  const copy = join(folder, 'downloaded.img');
  tglance(
    'image-create',
    '--name',
    'boot',
    '--disk-format',
    format,
    '--container-format',
    'bare',
    '--file',
    path,
  );
  tglance('image-list', '--verbose');
  tglance('image-show', 'boot', '--human-readable');
  tglance('image-download', 'boot', '--file', copy);
  const recorded = tglance('image-show', 'boot', '-f', 'value', '-c', 'os_hash_value').trim();
  if (new Set([sha512(path), sha512(copy), recorded]).size !== 1) throw new Error('the hashes differ');
  console.log("\nVerified: the file, the cloud's record and the download have the same sha512.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
