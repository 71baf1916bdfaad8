import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { TglanceError } from '../errors.ts';

/**
 * Writes a clouds.yaml with the one cloud that `env`, its OS_* variables, describes; only its owner may read it,
 * and no file that is there is touched.
 */
export async function writeCloudsFile(path: string, env: Readonly<Record<string, string>>): Promise<void> {
  const { OS_REGION_NAME, OS_IDENTITY_API_VERSION: _version, ...words } = env;
  const auth = Object.entries(words).map(([name, value]) => [name.replace('OS_', '').toLowerCase(), value]);
  const cloud = { auth: Object.fromEntries(auth), region_name: OS_REGION_NAME };
  // JSON is YAML
  const text = `${JSON.stringify({ clouds: { 'sandbox-server': cloud } }, undefined, 2)}\n`;
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
    await link(draft, path); // whoever waits for the file finds it whole
  } catch (error) {
    throw new TglanceError(`Cannot write ${path}: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
}
