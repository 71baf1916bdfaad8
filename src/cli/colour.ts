import { Chalk } from 'chalk';

/** What is coloured; each takes a text and gives it back with its colours, or as it was. */
export interface Colours {
  heading(text: string): string;
  /** A word of the service for how something is. */
  status(word: string): string;
}

/**
 * The colours to use: without a word about it, those of a terminal that has not said no (https://no-color.org). Only
 * the sixteen that follow the user's own palette.
 */
export function colours(when: 'auto' | 'always' | 'never' = 'auto', terminal: boolean): Colours {
  const { NO_COLOR, TERM } = process.env;
  const wanted = when === 'auto' ? terminal && !NO_COLOR && TERM !== 'dumb' : when === 'always';
  const { bold, green, yellow, red } = new Chalk({ level: wanted ? 1 : 0 });
  const paints = new Map([
    ...['active', 'success', 'accepted', 'available'].map((word) => [word, green] as const),
    ...['queued', 'saving', 'uploading', 'importing', 'pending', 'processing'].map(
      (word) => [word, yellow] as const,
    ),
    ...['killed', 'deleted', 'pending_delete', 'deactivated', 'failure', 'rejected'].map(
      (word) => [word, red] as const,
    ),
  ]);
  return { heading: bold, status: (word) => paints.get(word.trim())?.(word) ?? word };
}
