import type { App } from '../define/app.ts';
import { didYouMean } from '../define/nearest.ts';
import { on, text, type Values } from '../define/option.ts';
import { type Rows, rows } from '../define/view.ts';
import { CheckError, DiskError, TglanceError, Unread, UsageError } from '../errors.ts';
import { type Result, requirements, resultOf, unknown } from '../guest/check.ts';
import { hygiene } from '../guest/checks/hygiene.ts';
import { type Guest, whyNone } from '../guest/guest.ts';
import type { Check, Verdict } from '../guest/note.ts';
import type { Volumes } from '../guest/volumes.ts';
import { type Policy, readPolicy } from './check-policy.ts';
import { type Inside, inFile } from './inside.ts';

const every = [...requirements, ...hygiene];

/** One check and what came of it. */
interface Row {
  readonly Check: string;
  readonly Result: Verdict;
  readonly Finding: string;
  readonly Evidence: readonly string[];
  readonly Advice: string;
}

/** The columns of a list of checks. */
export const checkColumns = {
  Check: 'Check',
  Result: 'Result',
  Finding: 'Finding',
  Evidence: ({ Evidence }: Row) => Evidence.join('; '),
  Advice: 'Advice',
} as const;

/** The options of the commands that check a guest. */
export const checkOptions = {
  only: text('--only <CHECKS>', 'Run these alone, separated by commas', {
    complete: every.map(({ id }) => id),
  }),
  skip: text('--skip <CHECKS>', 'Leave these out, separated by commas', {
    complete: every.map(({ id }) => id),
  }),
  strict: on('--strict', 'A warning is a failure'),
  policy: text('--policy <FILE>', 'YAML or JSON with what a finding is worth: CHECK: fail, warn or ignore', {
    complete: 'file',
  }),
  hygiene: on('--hygiene', 'Look for what a running system leaves behind, too'),
  explain: on('--explain', 'Say what to do, and show all evidence'),
  list: on('--list', 'List the checks that there are'),
};

/** Looks into an image for as long as something is done with what is in it. */
export type Look = <T>(act: (inside: Inside) => Promise<T>) => Promise<T>;

/** Checks the guest in an image; `command` is what a person says to have it checked once more. */
export async function checkedRows(
  app: App,
  look: Look,
  [command, name]: readonly [string, string],
  options: Values<typeof checkOptions>,
): Promise<Rows> {
  const wanted = chosen(options);
  const policy = options.policy === undefined ? new Map() : await readPolicy(options.policy, every);
  const { results, head } = await checked(
    look,
    name,
    wanted.filter(({ id }) => policy.get(id) !== 'ignore'),
  );
  const worth = results.map((it) => weighed(it, policy, options.strict === true));
  app.stdio.tell(head);
  app.stdio.tell(summary(worth, `${command} --explain ${name}`, options.explain === true));
  const shown = options.explain === true ? Object.keys(checkColumns) : ['Check', 'Result', 'Finding'];
  return rows(worth.map(rowOf), checkColumns, shown, { exact: true, code: codeOf(worth) });
}

/** Refuses a file whose guest does not meet the requirements, or of which that cannot be told; tells what was found. */
export async function refuseUnfit(
  app: App,
  file: string,
  strict: boolean,
  wish: { readonly backing?: boolean },
): Promise<void> {
  const { results, head } = await checked((act) => inFile(app, file, wish, act), file, requirements);
  const worth = results.map((it) => weighed(it, new Map(), strict));
  const found = worth.filter(({ verdict }) => verdict !== 'pass');
  if (found.length === 0) return;
  app.stdio.tell(head);
  for (const { verdict, id, finding } of found) app.stdio.tell(`${verdict} ${id}: ${finding}`);
  const worst = worstOf(worth);
  if (worst === undefined) return;
  throw new CheckError(
    `${file} is not sent: ${summary(worth, `file-check --explain ${file}`, false)}`,
    worst,
  );
}

/** The checks that there are. */
export function listing() {
  const items = every.map((it) => ({
    Check: it.id,
    Part: requirements.includes(it) ? 'requirement' : 'hygiene',
    About: it.about,
  }));
  return rows(items, { Check: 'Check', Part: 'Part', About: 'About' }, ['Check', 'Part', 'About'], {
    exact: true,
  });
}

/** The checks that were asked for, in their own order. */
function chosen(options: { only?: string; skip?: string; hygiene?: boolean }): Check[] {
  const [only, skip] = [idsIn(options.only), idsIn(options.skip)];
  const usual = options.hygiene === true ? every : requirements;
  const wanted = only.length > 0 ? every.filter(({ id }) => only.includes(id)) : usual;
  const left = wanted.filter(({ id }) => !skip.includes(id));
  if (left.length === 0) throw new UsageError('No check is left of those that were asked for');
  return left;
}

function idsIn(words: string | undefined): string[] {
  const ids = (words ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  for (const id of ids) refuseUnknown(id);
  return ids;
}

function refuseUnknown(id: string): void {
  const names = every.map((it) => it.id);
  if (!names.includes(id))
    throw new UsageError(
      `There is no check '${id}'${didYouMean(id, names) || `: there are ${names.join(', ')}`}`,
    );
}

/** Runs the checks; a damaged image has no verdicts, and one that is not read unknown ones. */
async function checked(
  look: Look,
  name: string,
  wanted: readonly Check[],
): Promise<{ results: Result[]; head: string }> {
  try {
    return await look(async (inside) => {
      const { guest, disk, damage } = inside;
      if (damage !== undefined) throw damage;
      const why = guest === undefined ? whyNone(disk) : undefined;
      if (why !== undefined && !(why instanceof Unread)) throw why;
      const results: Result[] = [];
      for (const it of wanted) {
        results.push(guest === undefined ? unknown(it, why ?? whyNone(disk)) : await resultOf(it, guest));
      }
      return { results, head: headOf(inside) };
    });
  } catch (error) {
    if (error instanceof Unread)
      return { results: wanted.map((it) => unknown(it, error)), head: error.message };
    if (error instanceof DiskError) throw new TglanceError(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

const headOf = ({ guest, disk, format, size }: Inside): string =>
  [
    ...(guest === undefined ? [] : [guest.release.name, guest.release.architecture]),
    `${format} ${sizeOf(size)}`,
    ...(disk.scheme === 'none' ? [] : [disk.scheme]),
    ...(guest === undefined ? [] : [`root: ${guest.root.name} (${guest.root.kind})`]),
    ...unmounted(guest, disk),
  ]
    .filter((it) => it !== undefined)
    .join(', ');

/** A disk that was copied from a running system may say what is no longer so. */
const unmounted = (guest: Guest | undefined, { volumes }: Volumes): string[] =>
  guest !== undefined && volumes.some(({ files }) => files?.needsReplay === true)
    ? ['not unmounted: its newest changes are not seen']
    : [];

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]}`;
}

/** What a finding is worth here, by the policy, and by --strict where that says nothing. */
function weighed(result: Result, policy: Policy, strict: boolean): Result {
  const bad = result.verdict === 'fail' || result.verdict === 'warn';
  const worth = policy.get(result.id) ?? (strict ? 'fail' : undefined);
  return bad && worth !== undefined && worth !== 'ignore' ? { ...result, verdict: worth } : result;
}

const rowOf = ({ id, verdict, finding, evidence, advice }: Result): Row => ({
  Check: id,
  Result: verdict,
  Finding: finding,
  Evidence: evidence,
  Advice: advice.join(' '),
});

const codes = { fail: 3, unknown: 4 } as const;

/** The worst of what is not well. */
const worstOf = (results: readonly Result[]): keyof typeof codes | undefined =>
  (['fail', 'unknown'] as const).find((worst) => results.some(({ verdict }) => verdict === worst));

function codeOf(results: readonly Result[]): number {
  const worst = worstOf(results);
  return worst === undefined ? 0 : codes[worst];
}

function summary(results: readonly Result[], again: string, explained: boolean): string {
  const count = (verdict: Verdict, word: string) => {
    const number = results.filter((it) => it.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${word}${word === 'warning' && number > 1 ? 's' : ''}`];
  };
  const bad = [...count('fail', 'failed'), ...count('warn', 'warning'), ...count('unknown', 'unknown')];
  if (bad.length === 0) return 'Nothing is wrong with it';
  const more = !explained && results.some(({ advice }) => advice.length > 0);
  return `${bad.join(', ')}${more ? `. What to do: tglance ${again}` : ''}`;
}
