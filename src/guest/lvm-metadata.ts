import { DiskError } from '../errors.ts';

/** A part of the text in which LVM describes a group: names and what they stand for. */
export type Section = Map<string, Value>;
export type Value = number | string | Section | readonly (number | string)[];

const mostDepth = 8;

/** Reads the text; what does not keep to its form is refused. */
export function parseMetadata(text: string): Section {
  const words = text.match(/#[^\n]*|"(?:[^"\\]|\\.)*"?|[[\]{}=,]|[^\s[\]{}=,"#]+/g) ?? [];
  const tokens = words.filter((word) => !word.startsWith('#'));
  let at = 0;
  const next = (): string => {
    const word = tokens[at];
    if (word === undefined) throw new DiskError('The description of an LVM group is damaged: it is cut off');
    at += 1;
    return word;
  };
  const expect = (wanted: string) => {
    const word = next();
    if (word !== wanted) {
      throw new DiskError(
        `The description of an LVM group is damaged: '${word}' where '${wanted}' should be`,
      );
    }
  };
  const value = (): Value => {
    const word = next();
    if (word !== '[') return scalar(word);
    const list: (number | string)[] = [];
    for (let item = next(); item !== ']'; item = next()) if (item !== ',') list.push(scalar(item));
    return list;
  };
  const section = (depth: number): Section => {
    const found: Section = new Map();
    if (depth > mostDepth) throw new DiskError('The description of an LVM group is damaged: it is too deep');
    while (at < tokens.length && tokens[at] !== '}') {
      const name = next();
      if (tokens[at] === '{') {
        at += 1;
        found.set(name, section(depth + 1));
        expect('}');
      } else {
        expect('=');
        found.set(name, value());
      }
    }
    return found;
  };
  return section(0);
}

const scalar = (word: string): number | string => {
  if (word.startsWith('"')) return word.slice(1, -1).replace(/\\(.)/g, '$1');
  const number = Number(word);
  return Number.isNaN(number) ? word : number;
};

/** The named parts of a part. */
export const sections = (of: Section): [string, Section][] =>
  [...of].filter((pair): pair is [string, Section] => pair[1] instanceof Map);
