import type { ScalarTag } from 'yaml';
import { stringify } from 'yaml';
import type { Fields, Rows } from '../../define/view.ts';
import { data } from './data.ts';
import { escapeHarm, harms, hex } from './harmless.ts';
import type { Pieces } from './index.ts';
import type { OutputChoice } from './options.ts';

/** YAML that readers of 1.1 (PyYAML) and of 1.2 take for the same values, and no byte that a terminal would act on. */
export async function yaml(view: Rows | Fields, choice: OutputChoice): Promise<Pieces> {
  const all = await data(view, choice);
  if (!Array.isArray(all)) return [write(all)];
  return all.length === 0 ? ['[]\n'] : list(all);
}

function* list(items: readonly object[]): Generator<string> {
  for (const item of items) yield write([item]);
}

const write = (value: object): string =>
  stringify(value, {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    customTags: (tags) => [delicate, exponent, ...tags],
  });

/**
 * Strings that one of the two versions reads as something else, and those with characters to be escaped. Having a
 * `test`, which nothing is parsed with here, puts a tag before those of the package.
 */
const delicate: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^/,
  resolve: (text) => text,
  identify: (value) => typeof value === 'string' && (/^(=|<<|[-+]?0o[0-7]+)$/.test(value) || harms(value)),
  stringify: ({ value }) =>
    escapeHarm(JSON.stringify(value), (char) => {
      const code = char.codePointAt(0) ?? 0;
      return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
    }),
};

/** In 1.1 a number with an exponent has a point, or it is a string. */
const exponent: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^-?[0-9]e/,
  resolve: Number,
  identify: (value) => typeof value === 'number' && /^-?[0-9]e/.test(String(value)),
  stringify: ({ value }) => String(value).replace('e', '.0e'),
};
