/** Whether a name fits a pattern of `*` and `?`; a step at a time, as a pattern of somebody else's may be made to take long. */
export function fits(name: string, pattern: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  let index = 0;
  while (index < name.length) {
    const letter = pattern[at];
    if (letter === '*') {
      star = at;
      retry = index;
      at += 1;
    } else if (letter === '?' || letter === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      retry += 1;
      index = retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
