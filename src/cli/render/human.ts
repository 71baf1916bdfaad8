import { byCodePoint } from './order.ts';
import { str } from './python.ts';

/** A value as OpenStackClient's tables show it: `a, b` for a list, `k='v', l.m='w'` for an object, both sorted. */
export function human(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('\r\n', '\n').replaceAll('\r', ' ');
  if (!isObject(value)) return str(value);
  if (!Array.isArray(value)) return pairs(value, '').join(', ');
  if (value.length > 0 && value.every(isPlain))
    return value.map((each) => pairs(each, '').join(', ')).join('\n');
  return value.map(str).sort(byCodePoint).join(', ');
}

const pairs = (value: object, prefix: string): string[] =>
  Object.entries(value)
    .sort(([a], [b]) => byCodePoint(a, b))
    .flatMap(([name, of]) => {
      const key = prefix === '' ? name : `${prefix}.${name}`;
      if (isPlain(of)) return [pairs(of, key).join(', ')];
      return [of === null ? `${key}=` : `${key}='${str(of)}'`];
    });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isPlain = (value: unknown): value is object => isObject(value) && !Array.isArray(value);
