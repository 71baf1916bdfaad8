import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** An option whose value is a JSON object; `refusal` is the sentence for any other word. */
export const jsonObject = (flags: string, about: string, refusal: string): Option<object> => ({
  flags,
  about,
  read: (word) => {
    const value = parsed(word);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new UsageError(refusal);
  },
});

function parsed(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return undefined;
  }
}
