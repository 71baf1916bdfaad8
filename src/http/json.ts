/** Levels; nothing of OpenStack has ten. */
export const depth = 200;

const MiB = 1024 * 1024;

/** A text of so many characters may be made into any value, which takes a hundred times its memory at most. */
const parsable = 2 * MiB;

/** A text of fewer characters is not worth a count. */
const short = 64 * 1024;

/** More than the levels of a list, a thing in it, and a field of the thing. */
const few = 5;

/** What a text stands for; undefined where it is no JSON, is nested too deeply, or might cost too much. */
export function parseJson(text: string): unknown {
  if (text.length > parsable && isDeep(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // the parser's own words quote the text, which may hold a secret
    return undefined;
  }
  const mayBe = text.length < short || opensElsewhere(text, value) > depth - few;
  return mayBe && isNested({ value }, depth + 1) ? undefined : value;
}

/**
 * How much opens in the text of a list of things, or of an object with such lists, besides them and what most of them
 * have as well: nothing can be inside of more. To count is ten times faster than to look at every field.
 */
function opensElsewhere(text: string, value: unknown): number {
  let count = times('{', text) + times('[', text);
  for (const list of Array.isArray(value) || !isContainer(value) ? [value] : Object.values(value)) {
    if (!Array.isArray(list)) continue;
    const names = containersOf(list[0]);
    for (const thing of list) {
      if (!isContainer(thing)) continue;
      count -= 1;
      for (const name of names) if (isContainer(thing[name])) count -= 1;
    }
  }
  return count;
}

/** Some names of fields that hold more than a word; what has no such field of its own finds none by them. */
const containersOf = (thing: unknown): readonly string[] =>
  isContainer(thing)
    ? Object.keys(thing)
        .filter((name) => isContainer(thing[name]) && name !== '__proto__')
        .slice(0, 8)
    : [];

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function times(letter: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) count += 1;
  return count;
}

/** Whether there are arrays and objects inside each other on more than so many levels. */
function isNested(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const key in value) {
    const each: unknown = value[key as keyof typeof value];
    // most are text or numbers, of which a call costs more than a look
    if (typeof each === 'object' && each !== null && isNested(each, levels - 1)) return true;
  }
  return false;
}

/** The same of a text, without making the value. Strings are leapt over, so this is cheap. */
export function isDeep(text: string): boolean {
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) level += 1;
    else if (code === 0x5d || code === 0x7d) level -= 1;
    if (level > depth) return true;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
