import { Chalk } from 'chalk';
import type { Out } from './render/index.ts';

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
export function colours(
  when: 'auto' | 'always' | 'never' = 'auto',
  { terminal, env = process.env }: Pick<Out, 'terminal' | 'env'>,
): Colours {
  const wanted = when === 'auto' ? terminal && !env.NO_COLOR && env.TERM !== 'dumb' : when === 'always';
  const { bold, green, yellow, red } = new Chalk({ level: wanted ? 1 : 0 });
  return {
    heading: bold,
    status: (word) => {
      const name = word.trim();
      if (good.has(name)) return green(word);
      if (busy.has(name)) return yellow(word);
      return bad.has(name) ? red(word) : word;
    },
  };
}

// Statuses of images, tasks and members.
const good = new Set(['active', 'success', 'accepted']);
const busy = new Set(['queued', 'saving', 'uploading', 'importing', 'pending', 'processing']);
const bad = new Set(['killed', 'deleted', 'pending_delete', 'deactivated', 'failure', 'rejected']);
