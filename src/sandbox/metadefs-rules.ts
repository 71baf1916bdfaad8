import { isObject } from './exchange.ts';
import { breakDown, type Rules } from './metadefs.ts';
import { refuse } from './refusal.ts';

/** The words that may describe a property, in the order in which they are told. */
const words = `name type title description operators default readonly minimum maximum enum pattern minLength
  maxLength confidential items uniqueItems minItems maxItems additionalItems`.split(/\s+/);

/** A property's description as Glance keeps it: what is not of the type that it has in mind is made so, or breaks it. */
export function rulesOf(fields: Readonly<Record<string, unknown>>): Rules {
  const isKnown = Object.keys(fields).every((word) => words.includes(word));
  if (!isKnown || !isChoice(fields.enum) || !isItem(fields.items)) throw breakDown();
  const told = words.filter((word) => Object.hasOwn(fields, word));
  return Object.fromEntries(told.map((word) => [word, kept(word, fields[word])]));
}

/** The descriptions of several properties by their names. */
export const rulesByName = (properties: unknown): Readonly<Record<string, Rules>> =>
  Object.fromEntries(
    Object.entries(isObject(properties) ? properties : {}).map(([name, rules]) => [
      name,
      rulesOf(isObject(rules) ? rules : {}),
    ]),
  );

const isChoice = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((it) => typeof it === 'string' || it === null));

const isItem = (value: unknown): boolean =>
  value === undefined ||
  (isObject(value) &&
    typeof value.type === 'string' &&
    isChoice(value.enum) &&
    Object.keys(value).every((word) => word === 'type' || word === 'enum'));

function kept(word: string, value: unknown): unknown {
  if (word === 'minimum' || word === 'maximum') return Math.trunc(Number(value));
  return word === 'default' ? asText(value) : value;
}

/** The only value of unknown type; it is kept as text in ASCII, and a list or an object not at all. */
function asText(value: unknown): string | null {
  if (typeof value === 'object') return null;
  const text = typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  if (/^\p{ASCII}*$/u.test(text)) return text;
  throw refuse(
    400,
    'Error decoding your request. Either the URL or the request body contained characters that could not be decoded by Glance',
  );
}
