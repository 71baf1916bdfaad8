import { DiskError } from '../errors.ts';

/** A size or an offset of 64 bits; one that no number of ours can hold is refused. */
export const u64be = (buffer: Buffer, at: number): number => exact(buffer.readBigUInt64BE(at), at);

/** The same, least significant byte first. */
export const u64le = (buffer: Buffer, at: number): number => exact(buffer.readBigUInt64LE(at), at);

function exact(value: bigint, at: number): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new DiskError(`The number ${value} in byte ${at} of its header is too large to be true`);
}

/** Text of a fixed width that ends at the first NUL. */
export function textAt(buffer: Buffer, at: number, length: number): string {
  const field = buffer.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** A UUID whose first three groups stand least significant byte first, as Microsoft writes them. */
export function guidAt(buffer: Buffer, at: number): string {
  const id = Buffer.from(buffer.subarray(at, at + 16));
  id.subarray(0, 4).reverse();
  id.subarray(4, 6).reverse();
  id.subarray(6, 8).reverse();
  return uuidAt(id, 0);
}

/** A UUID as it stands. */
export function uuidAt(buffer: Buffer, at: number): string {
  const hex = buffer.toString('hex', at, at + 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Refuses a number that is not within bounds, before anybody allocates or loops by it. */
export function within(value: number, least: number, most: number, what: string): number {
  if (value >= least && value <= most) return value;
  throw new DiskError(`Its ${what} is ${value}, which cannot be true`);
}
