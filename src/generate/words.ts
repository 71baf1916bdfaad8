import type { Program } from '../define/program.ts';
import { offered } from './offer.ts';

/** Every command and every option of a command on one line, as `glance bash-completion` prints them. */
export function words({ commands }: Program): string {
  const names = commands.map(({ name }) => name).filter((name) => name !== 'bash-completion');
  const options = commands.flatMap((page) => page.options.flatMap(offered));
  return `${[...names, ...new Set(['-h', '--help', ...options])].join(' ')}\n`;
}
