import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from './cloud.ts';

/** A home directory with files, a cloud with images, and the program on the path, which writes down how it is called. */
export interface Desk {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** How the program was called since this was last asked. */
  calls(): string[];
  stop(): Promise<void>;
}

/** Names that shells may stumble over. */
export const names = ['cirros', 'my image', "it's", 'a:b:c', 'grün', 'say "hi"', 'c$t`s\\!e', 'x&y,{z}'];

/** Beginnings of command lines that are completed without asking the program. */
export const known = [
  '',
  'image-list --',
  'image-list -f ',
  'image-create --file ',
  'image-list -c ',
  'help ',
];

export async function layDesk(): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), 'tglance-shell-'));
  const cloud = await startCloud({ dir: join(home, '.cloud') });
  for (const name of names) await cloud.run(['image-create', `--name=${name}`]);
  for (const file of ['disk one.raw', 'déjà:vu.raw']) writeFileSync(join(home, file), '');
  mkdirSync(join(home, 'folder'));
  const log = join(home, '.calls');
  const program = join(home, '.bin/tglance');
  mkdirSync(join(home, '.bin'));
  const real = join(import.meta.dirname, '../../bin/tglance.js');
  writeFileSync(program, `#!/bin/sh\necho "$*" >>'${log}'\nexec '${process.execPath}' '${real}' "$@"\n`);
  chmodSync(program, 0o755);
  return {
    home,
    env: { ...cloud.env, HOME: home, PATH: `${join(home, '.bin')}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
    calls: () => {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
      rmSync(log, { force: true });
      return lines;
    },
    stop: async () => {
      await cloud.stop();
      rmSync(home, { recursive: true });
    },
  };
}

/** A shell at a terminal of its own, and somebody who types. */
export interface Shell {
  /** Types, and gives the line that then stands at the prompt; the line is given up. `\t` is the TAB key. */
  line(keys: string): Promise<string>;
  /** What the shell lists when somebody asks how the line may go on. */
  choices(line: string): Promise<string[]>;
  /** What a command prints. */
  output(command: string): Promise<string[]>;
  close(): Promise<void>;
}

/** How each shell is made to ask nothing, to show its line at Ctrl-X P, and what key asks it for a list. */
const manners = {
  bash: {
    start: (rc: string) => `bash --noprofile --rcfile ${rc} -i`,
    file: '.bashrc',
    list: '\x1b?',
    setup: String.raw`
stty cols 300
PS1= HISTFILE=
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set completion-display-width 0'
bind 'set page-completions off'
bind -x '"\C-xp": printf "\n<%s>\n" "$READLINE_LINE"'
`,
  },
  zsh: {
    start: () => 'zsh -d -i',
    file: '.zshrc',
    list: '\x04',
    setup: `
stty cols 300
PS1= PS2= HISTFILE= LISTMAX=1000000
unsetopt beep prompt_cr prompt_sp
unset zle_bracketed_paste
autoload -Uz compinit && compinit -u -D
show-line() { print -r -- ; print -r -- "<$BUFFER>" }
zle -N show-line
bindkey -e
bindkey '^Xp' show-line
`,
  },
};

/** Whether the shell, and script(1), which gives it a terminal, are on this machine. */
export const isInstalled = (name: string): boolean =>
  [name, 'script'].every((it) => spawnSync(it, ['--version']).status === 0);

/** Starts a shell that reads `setup` at its start. */
export async function openShell(name: keyof typeof manners, desk: Desk, setup: string): Promise<Shell> {
  const { start, file, list, setup: own } = manners[name];
  const { home, env } = desk;
  writeFileSync(join(home, file), `${own}\n${setup}\n`);
  const child = spawn('script', ['-qec', start(join(home, file)), '/dev/null'], {
    cwd: home,
    env: { ...env, ZDOTDIR: home, TERM: 'dumb', SHELL: '/bin/sh' },
  });
  const { type, until } = keyboard(child);
  const showLine = '\x18p';
  const giveUp = async () => {
    type(`\x05\x15${showLine}`);
    await until(/\n<>\r?\n/);
  };
  const shows = async (line: string, key: string) => {
    type(`${line}${key}${showLine}`);
    const [, shown = ''] = await until(/^(.*?)\n<[^\n]*>\r?\n/s);
    await giveUp();
    const lines = shown.split('\r\n').map((it) => it.trimEnd());
    return lines.filter((it) => it !== '' && it !== line.trimEnd());
  };
  await giveUp();
  return {
    line: async (keys) => {
      type(`${keys}${showLine}`);
      const [, line = ''] = await until(/\n<(.*)>\r?\n/s);
      await giveUp();
      return line;
    },
    choices: (line) => shows(line, list),
    output: (command) => shows(command, '\r'),
    close: async () => {
      const gone = new Promise((resolve) => child.once('close', resolve));
      type('exit\r');
      await gone;
    },
  };
}

function keyboard(child: ChildProcessWithoutNullStreams) {
  let screen = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      look();
    });
  }
  return {
    type: (keys: string) => void child.stdin.write(keys),
    /** Waits until the screen shows it, and forgets what was on it. */
    until: (wanted: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const tired = () => reject(new Error(`${wanted} did not come: ${JSON.stringify(screen)}`));
        const timer = setTimeout(tired, 15_000);
        look = () => {
          const found = wanted.exec(screen);
          if (found === null) return;
          clearTimeout(timer);
          screen = '';
          look = () => {};
          resolve(found);
        };
        look();
      }),
  };
}
