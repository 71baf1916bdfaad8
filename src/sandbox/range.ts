import { refuse, refuseWith } from './refusal.ts';

/** The one range that a Range header asks for, `end` not included; undefined when there is no header. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  if (!header) return undefined;
  if (header.includes(',')) {
    throw refuse(
      400,
      'Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.',
    );
  }
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) throw invalid();
  if (first === '') {
    const length = Math.min(Number(last) || size, size);
    return within({ start: size - length, end: size }, size);
  }
  if (last !== '' && Number(last) < Number(first)) throw invalid();
  return within({ start: Number(first), end: last === '' ? size : Math.min(Number(last) + 1, size) }, size);
}

const invalid = () => refuseWith(416, 'Invalid Range header.');

function within(range: { start: number; end: number }, size: number) {
  if (range.start < size) return range;
  throw refuseWith(
    416,
    `Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size - 1}].`,
  );
}
