import { arg } from '../define/command.ts';
import { otherwise, whole } from '../define/option.ts';
import { jsonObject } from './json-option.ts';

/** The namespace that a definition is in. */
export const namespace = arg('<NAMESPACE>', 'Name of the namespace', 'namespace');

/** What everything that shows one definition takes. */
export const showOptions = {
  max_column_width: otherwise(whole('--max-column-width <N>', 'Widest a column of the table gets'), 80),
};

/** What a definition says besides its name; it wins over the options beside it. */
export const schema = jsonObject(
  '--schema <JSON>',
  'What is said of it, as a JSON object in the form of the API',
  'Schema is not a valid JSON object.',
);

/** What a person sees of a definition: no link to itself, and the names of what it contains. */
export const outline = (definition: object): object =>
  Object.fromEntries(
    Object.entries(definition)
      .filter(([key]) => key !== 'self')
      .map(([key, value]) => [key, containers.includes(key) ? namesIn(value) : value]),
  );

const containers = ['properties', 'objects', 'tags', 'resource_type_associations'];

const namesIn = (contents: unknown): unknown => {
  if (Array.isArray(contents)) return contents.map((item: { name?: unknown } | null) => item?.name);
  return Object.keys(contents ?? {});
};
