import { UsageError } from '../errors.ts';
import { isSettings } from '../guest/cloud-init.ts';
import type { Check } from '../guest/note.ts';
import { readYaml } from '../guest/yaml.ts';
import { openFile } from '../transfer/source.ts';
import { bytesOf } from './bytes-of.ts';

/** What a finding of a check is worth. */
export type Policy = ReadonlyMap<string, Worth>;
export type Worth = 'fail' | 'warn' | 'ignore';

const most = 1 << 20;

/** Reads from a file of YAML, and so of JSON, what findings are worth; a check that there is not is refused. */
export async function readPolicy(path: string, checks: readonly Check[]): Promise<Policy> {
  const content = await bytesOf(await openFile(path), most, `${path} is too long to be a policy`);
  const table = await readYaml(content.toString('utf8'), path).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
  if (!isSettings(table)) throw new UsageError(`${path} must be a table of checks and what they are worth`);
  return new Map(
    Object.entries(table).map(([id, worth]) => {
      if (!checks.some((it) => it.id === id)) throw new UsageError(`${path}: there is no check '${id}'`);
      if (!isWorth(worth))
        throw new UsageError(`${path}: ${id} is worth fail, warn or ignore, not '${String(worth)}'`);
      return [id, worth];
    }),
  );
}

const isWorth = (word: unknown): word is Worth => word === 'fail' || word === 'warn' || word === 'ignore';
