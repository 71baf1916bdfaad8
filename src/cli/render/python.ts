import { hex, visible } from './harmless.ts';

/** A JSON value as Python's `str()` shows it: the form that glance's tables and OpenStackClient's csv, value and shell have. */
export const str = (value: unknown): string => (typeof value === 'string' ? value : repr(value));

/** A JSON value as Python's `repr()` shows it: `{'a': [None, True]}`. */
export function repr(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'object':
      if (value === null) return 'None';
      if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
      return `{${Object.entries(value)
        .map(([key, of]) => `${quoted(key)}: ${repr(of)}`)
        .join(', ')}}`;
    default:
      return 'None';
  }
}

/** A JSON value as Python's `json.dumps()` writes it: one line of ASCII with a space after comma and colon. */
export function dumps(value: unknown): string {
  if (typeof value === 'string') return asciiString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? number(value) : String(value);
  if (Array.isArray(value)) return `[${value.map(dumps).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  const members = Object.entries(value).map(([key, of]) => `${asciiString(key)}: ${dumps(of)}`);
  return `{${members.join(', ')}}`;
}

/** What Python takes for false. */
export const isFalsy = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.keys(value).length === 0
    : !value && !Number.isNaN(value);

const asciiString = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`);

const harmlessQuoted = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;

function quoted(text: string): string {
  if (harmlessQuoted.test(text)) return `'${text}'`;
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Zs}\\']/gu, (char) => escapeChar(char, mark)) + mark;
}

function escapeChar(char: string, mark: string): string {
  if (char === ' ') return char;
  if (char === "'") return mark === "'" ? "\\'" : char;
  return char === '\\' ? '\\\\' : visible(char);
}

/** JSON does not tell 1 from 1.0: a whole number is taken for an integer. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const small = value !== 0 && Math.abs(value) < 1e-4;
  return (small ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}
