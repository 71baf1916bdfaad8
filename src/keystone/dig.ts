/** What stands under `keys`, one inside the other, in an answer that may be anything. */
export const dig = (answer: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    answer,
  );

/** The same where only words count, and an empty one does not. */
export function digText(answer: unknown, ...keys: readonly string[]): string | undefined {
  const value = dig(answer, ...keys);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The same for a list; what is none is empty. */
export function digList(answer: unknown, ...keys: readonly string[]): readonly unknown[] {
  const value = dig(answer, ...keys);
  return Array.isArray(value) ? value : [];
}
