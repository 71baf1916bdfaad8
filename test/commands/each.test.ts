import { describe, expect, it } from 'vitest';
import { each } from '../../src/commands/each.ts';
import { NetworkError, NotFound, SeveralFailed } from '../../src/errors.ts';

const never = new AbortController().signal;
const turn = () => new Promise(setImmediate);

describe.each([1, 2, 9])('for each of some words, %d at once', (atOnce) => {
  it('does the same, never for more at a time', async () => {
    const done: string[] = [];
    let [now, most] = [0, 0];
    const act = async (word: string) => {
      now += 1;
      most = Math.max(most, now);
      await turn();
      now -= 1;
      done.push(word);
    };
    await each(['a', 'b', 'c'], act, never, atOnce);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(most).toBe(Math.min(atOnce, 3));
  });

  it('goes on after refusals, and tells them in the order of the words', async () => {
    const done: string[] = [];
    const act = async (word: string) => {
      if (word === 'a') for (let count = 0; count < 5; count += 1) await turn();
      if (word !== 'b') throw new NotFound(word);
      done.push(word);
    };
    const failed = each(['a', 'b', 'c'], act, never, atOnce);
    await expect(failed).rejects.toEqual(new SeveralFailed([new NotFound('a'), new NotFound('c')]));
    expect(done).toEqual(['b']);
    await expect(each(['a'], act, never, atOnce)).rejects.toEqual(new NotFound('a'));
  });

  it('ends at once, and what is under way too, when there is no sense in going on', async () => {
    const begun: string[] = [];
    const stopped: string[] = [];
    const act = async (word: string, signal: AbortSignal) => {
      begun.push(word);
      if (word === 'b') throw new NetworkError('gone', 'ECONNREFUSED');
      if (atOnce === 1) return;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const words = ['a', 'b', ...'cdefghijkl'].map((word) => word);
    const ended = each(
      words,
      (word, signal) => act(word, signal).finally(() => stopped.push(word)),
      never,
      atOnce,
    );
    await expect(ended).rejects.toEqual(new NetworkError('gone', 'ECONNREFUSED'));
    expect(stopped.sort()).toEqual(begun.sort());
    expect(begun.length).toBeLessThanOrEqual(Math.max(atOnce, 2));
  });
});
