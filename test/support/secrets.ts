import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '../../src/config/settings.ts';

/** Words that are too common to be looked for. */
const shortest = 8;

/** The secrets among variables, by their names. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const names = Object.values(settings).flatMap(({ secret, env }) => (secret ? env : []));
  return new Map(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** P23: no output, at any verbosity, holds a secret. Every test that runs the program in this process asks. */
export function refuseSecrets(text: string, secrets: ReadonlyMap<string, string>, line: string): void {
  for (const [name, secret] of secrets) {
    if (secret.length >= shortest && text.includes(secret))
      throw new Error(`P23: '${line}' shows ${name}: ${text}`);
  }
}

/** P25: below a folder, no file with a secret can be read by others, but for those that a test wrote for a person. */
export function refuseOpenFiles(folder: string, secrets: readonly string[]): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /\.(ya?ml|sh|env)$/.test(entry.name) || lstatSync(path).size > 4 * 1024 * 1024)
      continue;
    const text = readFileSync(path, 'latin1');
    if ((lstatSync(path).mode & 0o077) !== 0 && secrets.some((secret) => text.includes(secret))) {
      throw new Error(`P25: ${path} holds a secret and is open to others`);
    }
  }
}
