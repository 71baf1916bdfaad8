import type { Rows } from '../../define/view.ts';

/** So many items are shown in half a second. */
const some = 20_000;

type Items = Rows['items'];

/**
 * A list that comes in pages, while V8 does not compile what runs often once more, better: that costs as much as a third
 * of what a list of some thousands takes, and is paid back by longer ones only. To be told when the list is `over`.
 */
export function brief(items: Items): { readonly items: Items; over(): void } {
  let optimise = (_on: boolean) => {};
  const paged = async function* (pages: AsyncIterable<readonly object[]>) {
    let count = 0;
    for await (const page of pages) {
      if (count > 0 && count < some) {
        ({ optimise } = await import('../../http/tiering.ts')); // node:v8 costs 1 MiB
      }
      optimise(count >= some);
      count += page.length;
      yield page;
    }
  };
  return {
    items: Symbol.asyncIterator in items ? paged(items) : items,
    over: () => optimise(true),
  };
}
