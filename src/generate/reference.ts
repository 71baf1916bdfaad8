import { oneLine } from '../define/command.ts';
import { aboutOf } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import { offered } from './offer.ts';
import { chapters, exitCodes, spelling, usage } from './outline.ts';

/** The reference of all commands and options, in Markdown. */
export function reference(program: Program): string {
  const contents = chapters(program).map(
    ([heading, pages]) => `- ${heading}: ${pages.map(({ name }) => `[${name}](#${name})`).join(', ')}`,
  );
  return `${[
    '# Commands of tglance',
    'Written by `npm run generate` from what the program itself runs on; `tglance help` and `man tglance` say the same.',
    contents.join('\n'),
    ...chapters(program).flatMap(([heading, pages]) => [`## ${heading}`, ...pages.flatMap(page)]),
    '## Options of every command',
    'They may stand before the command or behind it, also shortened as long as they fit one option only.',
    ...Object.entries(program.globals).flatMap(([heading, flags]) => [`### ${heading}`, list(flags)]),
    '## Exit codes',
    exitCodes.map(([code, meaning]) => `- ${code}: ${meaning}`).join('\n'),
  ].join('\n\n')}\n`;
}

function page({ args, options, examples, ...it }: Page): string[] {
  return [
    `### ${it.name}`,
    prose(it.about),
    `    ${usage({ args, options, examples, ...it })}`,
    ...(args.length === 0
      ? []
      : [args.map(({ name, about }) => `- \`${name}\`: ${prose(about)}`).join('\n')]),
    ...(options.length === 0 ? [] : [list(options)]),
    ...(examples.length === 0 ? [] : [`Example${examples.length === 1 ? '' : 's'}:`, indented(examples)]),
  ];
}

const list = (flags: readonly Flag[]): string =>
  flags
    .filter(({ hidden }) => !hidden)
    .map((flag) => `- \`${spelling(offered(flag), flag.value)}\`: ${prose(aboutOf(flag))}`)
    .join('\n');

const indented = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join('\n');

const prose = (text: string) => oneLine(text).replace(/[*<]/g, '\\$&');
