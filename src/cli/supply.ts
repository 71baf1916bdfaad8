import { spawn } from 'node:child_process';
import { read } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Settings } from '../config/resolve.ts';
import { MissingSetting, UsageError } from '../errors.ts';
import type { CredentialName } from '../keystone/credentials.ts';
import type { Io } from './io.ts';

/** A secret that nobody has set: out of the descriptor or from the program that people named, else asked for. */
export async function supply(
  word: CredentialName,
  question: string,
  settings: Settings,
  io: Io,
): Promise<string | undefined> {
  const [descriptor, helper] = [settings.get('password_fd'), settings.get('auth_helper')];
  if (word === 'password' && descriptor !== undefined) return lineOf(Number(descriptor), io.signal);
  if (helper !== undefined) return saidBy(commandOf(helper, word, settings.cloud ?? ''), io);
  return io.ask(question);
}

/** The first line of a descriptor and not a byte more: what follows is for somebody else. */
async function lineOf(descriptor: number, signal: AbortSignal): Promise<string> {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  while (bytes.length < longest) {
    const { bytesRead } = await readFrom(descriptor, byte, 0, 1, null).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EAGAIN') return { bytesRead: -1 };
        throw new UsageError(`--os-password-fd: cannot read descriptor ${descriptor}: ${error.code}`);
      },
    );
    signal.throwIfAborted();
    if (bytesRead < 0) await sleep(10);
    else if (bytesRead === 0 || byte[0] === 0x0a) break;
    else bytes.push(byte[0] ?? 0);
  }
  return Buffer.from(bytes).toString().replace(/\r$/, '');
}

const readFrom = promisify(read);

/** Bytes of a secret. */
const longest = 65_536;

/**
 * Without a shell, so that nothing in it is special but spaces and quotation marks. A program alone is told what is
 * wanted and for which cloud; a command with arguments of its own says with {key} and {cloud} where it wants to hear it.
 */
function commandOf(helper: string, word: string, cloud: string): readonly string[] {
  const part = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;
  const words = helper.match(part) ?? [];
  if (words.length === 0 || helper.replaceAll(part, '').trim() !== '') {
    throw new UsageError('--os-auth-helper: not a command: a quotation mark has no end');
  }
  const [first = '', ...others] = words.map((it) => it.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  if (others.length === 0) return [first, word, cloud];
  return [first, ...others.map((it) => it.replaceAll('{key}', word).replaceAll('{cloud}', cloud))];
}

/** What the program prints, without the end of its last line; its questions and complaints go to the terminal. */
async function saidBy([program = '', ...words]: readonly string[], io: Io): Promise<string> {
  const child = spawn(program, words, {
    stdio: [io.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    env: io.env,
    signal: io.signal,
  });
  const pieces: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > longest) child.kill();
    else pieces.push(piece);
  });
  const end = await new Promise<string>((resolve, reject) => {
    child.on('error', ({ code }: NodeJS.ErrnoException) => {
      const failure = new UsageError(`--os-auth-helper: cannot run '${program}': ${code}`);
      reject(io.signal.aborted ? io.signal.reason : failure);
    });
    child.on('close', (status, signal) => resolve(signal ?? `status ${status}`));
  });
  if (end !== 'status 0') throw new MissingSetting(`The auth helper '${program}' ended with ${end}`);
  return Buffer.concat(pieces)
    .toString()
    .replace(/\r?\n$/, '');
}
