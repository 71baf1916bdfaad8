import { NetworkError, SeveralFailed, TglanceError } from '../errors.ts';

/**
 * Does the same to each word, goes on after a refusal, and sums up; what makes the rest futile ends it at once, also
 * what is under way for others when several are done at a time: their signal is aborted.
 */
export async function each(
  words: readonly string[],
  act: (word: string, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  atOnce = 1,
): Promise<void> {
  const failures: (Error | undefined)[] = [];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const rest = words.entries();
  const work = async () => {
    for (const [at, word] of rest) {
      if (stop.signal.aborted) return;
      try {
        await act(word, either);
      } catch (error) {
        const isFatal = !(error instanceof TglanceError) || error instanceof NetworkError || signal.aborted;
        if (isFatal) stop.abort(error);
        else failures[at] = error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, words.length) }, work));
  stop.signal.throwIfAborted();
  const all = failures.filter((failure) => failure !== undefined);
  const [first, ...others] = all;
  if (first !== undefined) throw others.length === 0 ? first : new SeveralFailed(all);
}
