import { argOf, command } from '../define/command.ts';
import { plain } from '../define/view.ts';
import { bash } from '../generate/bash.ts';
import { fish } from '../generate/fish.ts';
import { man } from '../generate/man.ts';
import { words } from '../generate/words.ts';
import { zsh } from '../generate/zsh.ts';

const scripts = { bash, zsh, fish };

export const completion = command({
  about: `Print the script by which a shell completes commands, options, values, files and the names of things in
the cloud. For this shell only: eval "$(tglance completion bash)", the same with zsh, or
tglance completion fish | source. For good, put that line into ~/.bashrc, ~/.zshrc (behind compinit) or
~/.config/fish/config.fish, or the script where your shell looks for it.`,
  args: { shell: argOf('<SHELL>', 'The shell', ['bash', 'zsh', 'fish']) },
  examples: ['tglance completion bash'],
  run: async ({ args }, app) => plain(scripts[args.shell](await app.program())),
});

export const manual = command({
  about: 'Print the manual page; `tglance man | man -l -` shows it.',
  examples: ['tglance man'],
  run: async (_input, app) => plain(man(await app.program())),
});

export const bashCompletion = command({
  about:
    "Print the names of all commands and options on one line, as glance does for glance's bash completion.",
  examples: ['tglance bash-completion'],
  run: async (_input, app) => plain(words(await app.program())),
});
