/** What the API says of a definition and refuses to be told. */
const unwritable = ['self', 'schema', 'created_at', 'updated_at'];

/** What of an answer can be sent back; `contained` is left out as well. */
export const writable = (shown: object, contained: readonly string[] = []): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shown).filter(([key]) => !unwritable.includes(key) && !contained.includes(key)),
  );
