import { spawn } from 'node:child_process';

/** Opens a page in the person's browser, where there is a desktop that knows which that is. */
export function openPage(url: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): void {
  const desktop = ['darwin', 'win32'].includes(platform) || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!desktop) return;
  const [program = '', ...words] =
    platform === 'darwin'
      ? ['open']
      : // `start` belongs to a shell, which reads a URL in its own way
        platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  // the address was printed, too
  child.on('error', () => {});
  child.unref();
}
