/** ` (Did you mean yaml?)` where a right word is near the wrong one, else nothing. */
export function didYouMean(wrong: string, right: readonly string[]): string {
  const near = nearest(wrong, right);
  return near.length === 0 ? '' : ` (Did you mean ${near.join(' or ')}?)`;
}

/** More slips than this make another word. */
const mostSlips = 3;

/** The words that the fewest slips lead to, fewer than half their letters; at most three of them. */
function nearest(wrong: string, right: readonly string[]): string[] {
  let fewest = mostSlips;
  let found: string[] = [];
  for (const word of new Set(right)) {
    const count = slips(folded(wrong), folded(word));
    if (count > fewest || count * 2 >= word.length) continue;
    if (count < fewest) found = [];
    fewest = count;
    found.push(word);
  }
  return found.slice(0, 3);
}

const folded = (word: string) => word.toLowerCase().replaceAll('_', '-');

/** Letters that are missing, added, wrong or swapped with their neighbour; a beginning counts as one slip. */
function slips(wrong: string, right: string): number {
  if (wrong.length > 2 && wrong.length < right.length && right.startsWith(wrong)) return 1;
  if (Math.abs(wrong.length - right.length) > mostSlips) return mostSlips + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= wrong.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = wrong[i - 1] === right[j - 1];
      const swapped = i > 1 && j > 1 && wrong[i - 1] === right[j - 2] && wrong[i - 2] === right[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[right.length] ?? 0;
}
