import { bootOf } from '../boot.ts';
import type { BootEntry } from '../grub.ts';
import type { Guest } from '../guest.ts';
import { type Check, evidenceOf, type Line, linesOf, linesOfAll, type Note } from '../note.ts';
import { variablesIn } from '../release.ts';

/** `console log show` has what the kernel says to a serial line. */
export const consoleLog: Check = {
  id: 'console-log',
  about: 'The kernel writes its log to the serial console',
  look: async (guest) => {
    const wanted = consoles[guest.release.architecture ?? 'x86_64'] ?? serial;
    const { defaults, unified } = await bootOf(guest);
    const notes: Note[] = [];
    for (const entry of defaults) notes.push(await judged(guest, entry, wanted));
    const [path] = unified;
    if (path !== undefined) {
      notes.push({
        verdict: 'unknown',
        text: 'the command line is within a unified kernel image, which is not read',
        evidence: path,
      });
    }
    return notes.length > 0 ? notes : [await withoutEntries(guest, wanted)];
  },
};

/** The serial lines of machines by their architecture, the usual one first. */
interface Console {
  readonly usual: string;
  readonly pattern: RegExp;
}

const serial: Console = { usual: 'ttyS0', pattern: /^console=ttyS\d+/ };
const hypervisor: Console = { usual: 'hvc0', pattern: /^console=hvc\d+/ };
const consoles: Readonly<Record<string, Console>> = {
  aarch64: { usual: 'ttyAMA0', pattern: /^console=tty(AMA|S)\d+/ },
  armv7l: { usual: 'ttyAMA0', pattern: /^console=tty(AMA|S)\d+/ },
  ppc64: hypervisor,
  ppc64le: hypervisor,
  s390x: { usual: 'ttysclp0', pattern: /^console=tty(sclp|S)\d+/ },
};

async function judged(guest: Guest, entry: BootEntry, { usual, pattern }: Console): Promise<Note> {
  const { options, path, line } = entry;
  const all = options.filter((it) => it.startsWith('console='));
  const found = all.find((it) => pattern.test(it));
  if (found !== undefined) {
    const last = all.at(-1) === found ? '' : `; /dev/console is ${all.at(-1)?.slice('console='.length)}`;
    return {
      verdict: 'pass',
      text: `${path} has ${found}${last}`,
      evidence: `${path}:${line} ${all.join(' ')}`,
    };
  }
  const forgotten = await defaultsOf(guest, pattern);
  return {
    verdict: 'fail',
    text:
      forgotten === undefined
        ? `the default entry of ${path} has no console=${usual}`
        : `${forgotten.path} has it, but ${path} was not made anew`,
    evidence: `${path}:${line} ${all.join(' ')}`.trimEnd(),
    advice:
      forgotten === undefined
        ? `Add console=${usual},115200 to GRUB_CMDLINE_LINUX_DEFAULT and run update-grub (grub2-mkconfig, grubby --update-kernel=ALL --args).`
        : 'Run update-grub, or grub2-mkconfig -o.',
  };
}

/** The line of the settings from which a configuration is made, where that has the console. */
async function defaultsOf({ tree }: Guest, pattern: RegExp): Promise<Line | undefined> {
  const lines = [
    ...(await linesOf(tree, '/etc/default/grub')),
    ...(await linesOfAll(tree, ['/etc/default/grub.d'], /\.cfg$/)),
  ];
  return lines.find(({ text }) => {
    const [[name, value] = ['', '']] = variablesIn(text);
    return /^GRUB_CMDLINE_LINUX/.test(name) && value.split(/\s+/).some((it) => pattern.test(it));
  });
}

async function withoutEntries(guest: Guest, { pattern }: Console): Promise<Note> {
  const made = await defaultsOf(guest, pattern);
  return made === undefined
    ? { verdict: 'unknown', text: 'no configuration of a boot loader is found' }
    : {
        verdict: 'unknown',
        text: `${made.path} has it, but there is no grub.cfg`,
        evidence: evidenceOf(made),
        advice: 'Run update-grub, or grub2-mkconfig -o.',
      };
}
