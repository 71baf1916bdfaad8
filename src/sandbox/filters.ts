import { byName, type Image } from './image.ts';
import { refuse } from './refusal.ts';
import type { Caller } from './tokens.ts';

type Test = (image: Image) => boolean;

const scopes = ['community', 'public', 'private', 'shared', 'all'];
const memberStatuses = ['pending', 'accepted', 'rejected', 'all'];
const paging = ['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'member_status', 'tag', 'deleted'];

/** Which images a list has: what the caller may see, and what the query lets through. */
export function keeps(query: URLSearchParams, caller: Caller): Test {
  const memberStatus = query.get('member_status') ?? 'accepted';
  if (!memberStatuses.includes(memberStatus)) throw refuse(400, `Invalid status: ${memberStatus}`);
  // of a parameter that comes twice the last one counts
  const asked = new Map([...query].filter(([name]) => !paging.includes(name)));
  const hidden = asked.get('os_hidden') ?? 'false';
  asked.set('os_hidden', hidden);
  const visibility = asked.get('visibility');
  if (visibility && !scopes.includes(visibility))
    throw refuse(400, `Invalid visibility value: ${visibility}`);
  asked.delete('visibility');
  if (asked.get('changes-since'))
    throw refuse(400, 'The "changes-since" filter is no longer available on v2.');
  const tags = query.getAll('tag').map((tag) => tag.trim());
  const tests = [...asked].map(([name, value]) => testOf(name, value));
  return (image) =>
    isListed(image, caller, memberStatus) &&
    isInScope(image, caller, visibility) &&
    tags.every((tag) => image.tags.includes(tag)) &&
    tests.every((test) => test(image));
}

function isListed(image: Image, { admin, projectId }: Caller, memberStatus: string): boolean {
  if (admin || image.visibility === 'public' || image.visibility === 'community') return true;
  if (image.owner === projectId) return true;
  const member = image.members.find(({ id }) => id === projectId);
  return (
    image.visibility === 'shared' && member !== undefined && ['all', member.status].includes(memberStatus)
  );
}

/** Unless asked for, other people's community images stay out. */
function isInScope(image: Image, { projectId }: Caller, visibility: string | undefined): boolean {
  if (visibility === 'all') return true;
  if (visibility !== undefined) return image.visibility === visibility;
  return image.visibility !== 'community' || image.owner === projectId;
}

const numbers = ['size', 'min_disk', 'min_ram', 'virtual_size'] as const;
const lists = ['name', 'id', 'status', 'container_format', 'disk_format'] as const;
const plain = ['owner', 'checksum', 'os_hash_algo', 'os_hash_value', ...numbers] as const;

function testOf(name: string, value: string): Test {
  const [, column, bound] = /^(.*)_(min|max)$/.exec(name) ?? [];
  const number = numbers.find((it) => it === column);
  if (number !== undefined) return inRange(number, bound === 'min', value);
  if (name === 'os_hidden') return isOn(name, value.toLowerCase(), value);
  if (name === 'protected') return isOn(name, value, value);
  if (name === 'created_at' || name === 'updated_at') return atTime(name, value);
  const list = lists.find((it) => it === name);
  if (list !== undefined) return oneOf(list, value);
  const field = plain.find((it) => it === name);
  if (field !== undefined) return (image) => image[field] !== null && String(image[field]) === value;
  return (image) => byName(image.properties, name) === value;
}

function inRange(column: (typeof numbers)[number], isLeast: boolean, value: string): Test {
  if (!/^\s*[+-]?\d+\s*$/.test(value)) {
    throw refuse(400, 'Unable to filter on a range with a non-numeric value.');
  }
  return (image) => {
    const held = image[column];
    return held !== null && (isLeast ? held >= Number(value) : held <= Number(value));
  };
}

function isOn(column: 'os_hidden' | 'protected', word: string, value: string): Test {
  if (word !== 'true' && word !== 'false') {
    throw refuse(400, `Invalid value '${value}' for '${column}' filter. Valid values are 'true' or 'false'.`);
  }
  return (image) => image[column] === (word === 'true');
}

const comparisons: Readonly<Record<string, (held: number, asked: number) => boolean>> = {
  gt: (held, asked) => held > asked,
  gte: (held, asked) => held >= asked,
  lt: (held, asked) => held < asked,
  lte: (held, asked) => held <= asked,
  eq: (held, asked) => held === asked,
  neq: (held, asked) => held !== asked,
};

function atTime(column: 'created_at' | 'updated_at', value: string): Test {
  const [operator, time] = Number.isNaN(parseTime(value)) ? splitOperator(value) : ['eq', value];
  const asked = parseTime(time);
  if (Number.isNaN(asked)) {
    throw refuse(400, `Bad "${column}" query filter format. Use ISO 8601 DateTime notation.`);
  }
  const holds = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (holds === undefined) throw refuse(400, 'Unable to filter on a unknown operator.');
  return (image) => holds(image[column], asked);
}

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
/** ms, or NaN; a time without a zone is UTC. */
const parseTime = (word: string) => {
  const parts = iso.exec(word);
  return parts === null ? Number.NaN : Date.parse(parts[2] === undefined ? `${word}Z` : word);
};

function oneOf(column: (typeof lists)[number], value: string): Test {
  const [operator, words] = splitOperator(value);
  if (operator === 'eq') return (image) => image[column] === words;
  if (operator !== 'in') throw refuse(400, `Unable to filter by unknown operator '${operator}'.`);
  const choices = splitQuoted(words);
  return (image) => choices.some((choice) => choice === image[column]);
}

function splitOperator(value: string): readonly [operator: string, rest: string] {
  const at = value.indexOf(':');
  return at < 0 ? ['eq', value] : [value.slice(0, at), value.slice(at + 1)];
}

/** Splits `a,"b,c",d` at the commas that no quotes hold. */
function splitQuoted(words: string): readonly string[] {
  const marks = [...words.matchAll(/(?<!\\)"/g)].map(({ index }) => index);
  const wrong = (why: string) => refuse(400, `Invalid filter value ${words}. ${why}`);
  marks.forEach((at, turn) => {
    if (turn % 2 === 0 && at > 0 && words[at - 1] !== ',') {
      throw wrong('There is no comma before opening quotation mark.');
    }
    if (turn % 2 === 1 && at + 1 < words.length && words[at + 1] !== ',') {
      throw wrong('There is no comma after closing quotation mark.');
    }
  });
  if (marks.length % 2 === 1) throw wrong('The quote is not closed.');
  return [...words.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)",?|([^,]+),?|,/g)].map(
    ([, quoted, bare]) => quoted || bare || '',
  );
}
