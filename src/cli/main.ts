import manifest from '../../package.json' with { type: 'json' };
import { catalog } from '../commands/index.ts';
import { settingNames, settings } from '../config/settings.ts';
import type { View } from '../define/view.ts';
import { createApp, type Session } from './app.ts';
import { failureOf, isClosedPipe } from './failure.ts';
import { globalGroups, globals, helpOption } from './globals.ts';
import type { Io } from './io.ts';
import { overview, parse, unknownCommand, unknownOption } from './parse.ts';
import { outputOf } from './preferences.ts';
import { harmless } from './render/harmless.ts';
import { render } from './render/index.ts';
import { type OutputChoice, refuseChoice } from './render/options.ts';
import { shapeOf, spellOut, splitAtCommand } from './words.ts';

/** Runs one command line and gives the exit code; depends on nothing but its arguments. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const run: Run = { command: undefined, app: undefined, options: {}, code: 0 };
  try {
    await perform(argv, io, run);
    return run.code;
  } catch (error) {
    return await explain(io.signal.aborted ? io.signal.reason : error, io, run);
  } finally {
    await run.app?.close();
  }
}

/** What is known of the run so far, for the words about its failure. */
interface Run {
  command: string | undefined;
  app: Session | undefined;
  options: Readonly<Record<string, unknown>>;
  /** How the program ends when nothing fails. */
  code: number;
}

async function perform(argv: readonly string[], io: Io, run: Run): Promise<void> {
  const shapes = [...Object.values(globals), helpOption].map(shapeOf);
  const { before, name, after } = splitAtCommand(argv, shapes);
  const early = spellOut(before, [], shapes);
  const unknown = early.find(
    (word) => word.startsWith('-') && !shapes.some((it) => it.name === word.split('=')[0]),
  );
  if (unknown !== undefined) throw unknownOption(unknown, [globals]);
  if (early.includes('--version')) return io.stdout.write(`${manifest.version}\n`);
  if (name === '__complete') return (await import('./complete.ts')).complete(before, after, io);
  const help = name === 'help' || early.includes('--help');
  const asked = name === 'help' ? after.find((word) => !word.startsWith('-')) : name;
  if (asked === undefined || asked === 'help' || (help && name !== 'help'))
    return io.stdout.write(overview(catalog, globalGroups()));

  // bash_completion is glance's own name for it
  const row = catalog.find((it) => it.name === asked.replaceAll('_', '-'));
  if (row === undefined) throw unknownCommand(catalog, asked);
  run.command = row.name;
  const command = await row.load();
  const words = help ? { before: [], after: ['--help'] } : { before, after };
  const parsed = parse(row, command, globals, words, io.env);
  if (parsed.help !== undefined) return io.stdout.write(parsed.help);

  run.app = createApp(parsed.globals, io);
  const choice = outputOf(parsed.globals, run.app.saved, row.name);
  run.options = { ...parsed.globals, ...choice };
  if (secretNames.some((name) => parsed.globals[name] !== undefined)) io.hideWords();
  refuseChoice(choice);
  const view = await command.run({ args: parsed.args as never, options: parsed.options as never }, run.app);
  await show(view, choice, io, run.app);
  if (view.kind === 'rows') run.code = view.code;
}

const secretNames = settingNames.filter((name) => settings[name].secret);

async function show(
  view: View,
  choice: OutputChoice,
  { stdout, stderr, env }: Io,
  app: Session,
): Promise<void> {
  if (view.kind === 'done') {
    // for a person only: a script that deletes an image wants to hear nothing, as from glance
    if (view.sentence !== undefined && stderr.isTTY) app.stdio.tell(view.sentence);
    return;
  }
  const { isTTY: terminal, columns } = stdout;
  const write = (text: string) => stdout.write(text);
  try {
    await render(view, choice, { write, terminal, columns, env });
  } catch (error) {
    // whoever closed the pipe has read enough
    if (!isClosedPipe(error)) throw error;
  }
}

async function explain(error: unknown, io: Io, run: Run): Promise<number> {
  const { code, lines, hint } = failureOf(error, run.command);
  const secrets = (await run.app?.secrets().catch(() => undefined)) ?? [];
  const { redact } = await import('../http/redact.ts');
  const said = [...lines, ...(hint === undefined ? [] : [hint])].map((line) =>
    harmless(redact(line, secrets)),
  );
  const [message = '', ...rest] = said;
  const text =
    run.options.format === 'json' || run.options.format === 'jsonl'
      ? JSON.stringify({ error: message, ...(rest.length > 0 && { hint: rest.join(' ') }), code })
      : said.join('\n');
  const trace = run.options.debug === true && error instanceof Error ? (error.stack ?? '') : '';
  const whole = [
    ...(said.length > 0 ? [text] : []),
    ...(trace === '' ? [] : [harmless(redact(trace, secrets), { newlines: true })]),
  ];
  if (whole.length > 0) await io.stderr.write(`${whole.join('\n')}\n`).catch(() => {});
  return code;
}
