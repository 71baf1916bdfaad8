import { NetworkError, SeveralFailed, TglanceError } from '../errors.ts';

/** Does the same to each word, goes on after a refusal, and sums up; what makes the rest futile ends it at once. */
export async function each(
  words: readonly string[],
  act: (word: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failures: Error[] = [];
  for (const word of words) {
    try {
      await act(word);
    } catch (error) {
      if (!(error instanceof TglanceError) || error instanceof NetworkError || signal.aborted) throw error;
      failures.push(error);
    }
  }
  const [first, ...others] = failures;
  if (first !== undefined) throw others.length === 0 ? first : new SeveralFailed(failures);
}
