import { Unread } from '../errors.ts';

/** Longer texts (letters) than this take more memory and time than a program that reads YAML ought to. */
export const longestYaml = 64 * 1024;

/** Reads YAML as PyYAML does, for which `yes` and `off` are booleans; what cannot be read is refused by its name. */
export async function readYaml(text: string, where: string): Promise<unknown> {
  if (text.length > longestYaml)
    throw new Unread(`${where} is more YAML than is read (${text.length} letters)`);
  const { parse } = await import('yaml');
  try {
    return parse(text, { version: '1.1', logLevel: 'error' });
  } catch (error) {
    const [line = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new Unread(`${where} is not YAML: ${line.replace(/:$/, '')}`);
  }
}
