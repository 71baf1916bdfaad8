import { oneLine } from '../define/command.ts';
import { aboutOf } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import { offered } from './offer.ts';
import { chapters, exitCodes, spelling, usage } from './outline.ts';

/** The manual page, in the macros of man(7). */
export function man(program: Program): string {
  const { globals } = program;
  return `${[
    '.TH TGLANCE 1 "" tglance "User Commands"',
    '.SH NAME',
    'tglance \\- image client for OpenStack clouds',
    '.SH SYNOPSIS',
    '.B tglance',
    '[options] command [arguments]',
    '.SH DESCRIPTION',
    ...description.map((text, at) => (at === 0 ? prose(text) : `.PP\n${prose(text)}`)),
    '.SH COMMANDS',
    ...chapters(program).flatMap(([heading, pages]) => [`.SS ${prose(heading)}`, ...pages.flatMap(chapter)]),
    '.SH OPTIONS',
    'They may stand before the command or behind it.',
    ...Object.entries(globals).flatMap(([heading, flags]) => [
      `.SS ${prose(heading)}`,
      ...flags.flatMap(item),
    ]),
    '.SH FILES',
    ...files.flatMap(([path, about]) => ['.TP', `.I ${prose(path)}`, prose(about)]),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, prose(meaning)]),
    '.SH SEE ALSO',
    '.BR glance (1),',
    '.BR openstack (1),',
    '.BR qemu\\-img (1)',
  ].join('\n')}\n`;
}

const description = [
  `tglance lists, creates, shows, changes, shares, sends and fetches images of OpenStack clouds. It takes the commands,
options and variables of glance, and prints what glance prints. Images are named by name or by ID.`,
  `Which cloud is meant, and as whom to log in, is said by options, by OS_* variables or by a cloud of clouds.yaml, which
is chosen with --os-cloud or OS_CLOUD. The cloud called sandbox is built in and needs no set-up.`,
];

const files = [
  [
    'clouds.yaml, ~/.config/openstack/clouds.yaml, /etc/openstack/clouds.yaml',
    'Clouds and how to log in to them.',
  ],
  ['secure.yaml', 'Beside a clouds.yaml: what of it is secret.'],
  ['~/.local/share/tglance/sandbox', 'The sandbox cloud.'],
  ['~/.cache/tglance', 'Names of things in the cloud, kept for half a minute for the completion of shells.'],
] as const;

function chapter(page: Page): string[] {
  const { args, options, examples } = page;
  return [
    '.TP',
    `.B ${literal(usage(page))}`,
    prose(page.about),
    '.RS',
    ...args.flatMap(({ name, about }) => ['.TP', `.I ${literal(name)}`, prose(about)]),
    ...options.flatMap(item),
    ...(examples.length === 0 ? [] : ['.PP', '.EX', ...examples.map((line) => `$ ${literal(line)}`), '.EE']),
    '.RE',
  ];
}

const item = (flag: Flag): string[] =>
  flag.hidden ? [] : ['.TP', `.B ${literal(spelling(offered(flag), flag.value))}`, prose(aboutOf(flag))];

const prose = (text: string): string => literal(oneLine(text)).replace(/^[.']/, '\\&$&');

/** As it is to be read: no hyphen that could be taken for a dash, nothing that the terminal might lack. */
const literal = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replace(
      /[^\n -~]/gu,
      (char) => `\\[u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
