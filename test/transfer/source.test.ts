import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect } from 'vitest';
import { TglanceError, UsageError, VerifyError } from '../../src/errors.ts';
import { openFile, openStdin, type Source } from '../../src/transfer/source.ts';
import { digest, expectSize } from '../../src/transfer/watch.ts';
import { watched } from '../../src/transfer/watched.ts';
import { it } from '../support/folder.ts';
import { run } from './child.ts';

const MiB = 1024 ** 2;

/** Bytes that are different everywhere, so that a piece in the wrong place shows. */
const data = (size: number) => Buffer.from(new Uint32Array(size / 4).map((_, at) => at).buffer);

async function all(source: Source, ahead?: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.chunks(ahead)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Large enough, and on a file system that is none of a disk. */
const elsewhere = '/sys/kernel/btf/vmlinux';

/** A descriptor that is closed when the work is done. */
async function open<T>(path: string, work: (fd: number) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  try {
    return await work(fd);
  } finally {
    closeSync(fd);
  }
}

describe('a file', () => {
  it.for([0, 4, 4 * MiB, 4 * MiB + 4, 9 * MiB + 8])(
    'of %d bytes is read whole, any number of times',
    async (size, { path }) => {
      writeFileSync(path('a'), data(size));
      const source = await openFile(path('a'));
      expect([source.name, source.size, source.again]).toEqual([path('a'), size, true]);
      for (const ahead of [true, false, true]) {
        expect((await all(source, ahead)).equals(data(size))).toBe(true);
      }
      await source.close();
      await source.close();
    },
  );

  it('keeps a chunk as it is until the next one is asked for', async ({ path }) => {
    writeFileSync(path('a'), data(9 * MiB));
    const source = await openFile(path('a'));
    let at = 0;
    for await (const chunk of source.chunks()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(
        data(9 * MiB)
          .subarray(at, at + chunk.length)
          .equals(chunk),
      ).toBe(true);
      at += chunk.length;
    }
    await source.close();
  });

  it('can be left in the middle and read anew', async ({ path }) => {
    writeFileSync(path('a'), data(9 * MiB));
    const source = await openFile(path('a'));
    for await (const _ of source.chunks()) break;
    expect((await all(source)).equals(data(9 * MiB))).toBe(true);
    await source.close();
  });

  it('P22: lets signals be heard between its blocks', async ({ path }) => {
    writeFileSync(path('a'), data(9 * MiB));
    const source = await openFile(path('a'));
    let heard = false;
    setImmediate(() => {
      heard = true;
    });
    let unheard = 0;
    for await (const { length } of source.chunks(false)) if (!heard) unheard += length;
    expect(unheard).toBeLessThan(3 * MiB);
    await source.close();
  });

  it.skipIf(!existsSync(elsewhere))('that is on no disk of this machine is read whole', async () => {
    const source = await openFile(elsewhere);
    for (const ahead of [true, false]) {
      expect((await all(source, ahead)).equals(readFileSync(elsewhere))).toBe(true);
    }
    const closed = new TglanceError(`${elsewhere} was closed before its end`);
    const late = expect(source.chunks()[Symbol.asyncIterator]().next()).rejects.toThrow(closed);
    await source.close();
    await late;
    await expect(all(source)).rejects.toThrow(closed);
  });

  it.for([true, false])('is not read after it was closed (ahead: %s)', async (ahead, { path }) => {
    writeFileSync(path('a'), data(9 * MiB));
    const source = await openFile(path('a'));
    const chunks = source.chunks(ahead)[Symbol.asyncIterator]();
    await chunks.next();
    await source.close();
    await expect(chunks.next()).rejects.toThrow(new TglanceError(`${path('a')} was closed before its end`));
  });

  it.for([
    ['grows', (path: string) => appendFileSync(path, 'x')],
    ['shrinks', (path: string) => truncateSync(path, 6 * MiB)],
    ['is written to in place', (path: string) => utimesSync(path, 1, 1)],
  ] as const)(
    'that %s while it is read is refused before its last byte is handed on',
    async ([, change], { path }) => {
      for (const ahead of [true, false]) {
        writeFileSync(path('a'), data(9 * MiB));
        const source = await openFile(path('a'));
        let handed = 0;
        const reading = (async () => {
          for await (const chunk of source.chunks(ahead)) {
            if (handed === 0) change(path('a'));
            handed += chunk.length;
          }
        })();
        await expect(reading).rejects.toThrow(
          new VerifyError(`${path('a')} changed while it was being read`),
        );
        expect(handed).toBeLessThan(9 * MiB);
        await source.close();
      }
    },
  );

  it.for([
    ['nothing', 'no such file or directory (ENOENT)'],
    ['file/below', 'not a directory (ENOTDIR)'],
    ['.', 'it is a directory'],
  ])('that cannot be read is refused: %s', async ([name = '', why], { path }) => {
    writeFileSync(path('file'), '');
    await expect(openFile(path(name))).rejects.toThrow(new UsageError(`Cannot read ${path(name)}: ${why}`));
  });
});

describe('a FIFO or device', () => {
  it('is read to its end, once', async ({ path }) => {
    execFileSync('mkfifo', [path('fifo')]);
    const source = await openFile(path('fifo'));
    expect([source.size, source.again]).toEqual([undefined, false]);
    const writer = spawn('sh', [
      '-c',
      '(head -c 300000 /dev/zero; sleep 0.1; printf end) > "$0"',
      path('fifo'),
    ]);
    expect((await all(source)).equals(Buffer.concat([Buffer.alloc(300_000), Buffer.from('end')]))).toBe(true);
    await once(writer, 'close');
    expect(() => source.chunks()).toThrow(new TglanceError(`${path('fifo')} can be read only once`));
    await source.close();
  });

  it('P22: ends a wait for bytes that do not come when it is closed', async ({ path }) => {
    execFileSync('mkfifo', [path('fifo')]);
    const source = await openFile(path('fifo'));
    const reading = all(source);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([
      expect(reading).rejects.toThrow(new TglanceError(`${path('fifo')} was closed before its end`)),
      source.close(),
    ]);
  });

  it('can be closed unread', async ({ path }) => {
    execFileSync('mkfifo', [path('fifo')]);
    const source = await openFile(path('fifo'));
    await source.close();
    await source.close();
  });

  it('is read as long as somebody wants it', async () => {
    const source = await openFile('/dev/zero');
    expect([source.size, source.again]).toEqual([undefined, false]);
    let read = 0;
    for await (const chunk of source.chunks()) {
      read += chunk.length;
      if (read >= 4 * MiB) break;
    }
    expect(read).toBe(4 * MiB);
    await source.close();
  });
});

describe('standard input', () => {
  it.for(['/dev/null', '/dev/zero', '/'])('that is %s sends nothing', (path) =>
    open(path, async (fd) => expect(openStdin(fd, '-')).toBeUndefined()),
  );

  it('that is closed sends nothing', () => {
    expect(openStdin(987_654, '-')).toBeUndefined();
  });

  it('that is an empty file, or one read to its end, sends nothing', async ({ path }) => {
    writeFileSync(path('a'), '');
    await open(path('a'), async (fd) => {
      expect(openStdin(fd, '-')).toBeUndefined();
      writeFileSync(path('a'), 'abc');
      readSync(fd, Buffer.alloc(3));
      expect(openStdin(fd, '-')).toBeUndefined();
    });
  });

  it('that is a file is read from where it stands, any number of times', async ({ path }) => {
    writeFileSync(path('a'), data(2 * MiB));
    await open(path('a'), async (fd) => {
      readSync(fd, Buffer.alloc(400));
      const source = openStdin(fd, '-') as Source;
      expect([source.name, source.size, source.again]).toEqual(['-', 2 * MiB - 400, true]);
      for (let times = 0; times < 2; times += 1) {
        expect((await all(source)).equals(data(2 * MiB).subarray(400))).toBe(true);
      }
      await source.close();
      expect(readSync(fd, Buffer.alloc(4))).toBe(4); // still open
    });
  });

  it('that is a pipe is read once, its size unknown', async ({ path }) => {
    execFileSync('mkfifo', [path('fifo')]);
    const writer = spawn('sh', ['-c', 'printf abc > "$0"', path('fifo')]);
    const closed = once(writer, 'close');
    // waits for the writer to open it
    const source = openStdin(openSync(path('fifo'), 'r'), '-') as Source;
    expect([source.size, source.again]).toEqual([undefined, false]);
    expect((await all(source)).toString()).toBe('abc');
    await closed;
  });

  it('that is a socket is read to its end', async () => {
    const child = run('stdin');
    child.stdin.end(data(3 * MiB));
    const { out, code } = await child.done;
    expect([out, code]).toEqual([
      createHash('md5')
        .update(data(3 * MiB))
        .digest('hex'),
      0,
    ]);
  });
});

describe('watched', () => {
  it('shows each chunk before it is handed on, and the end after the last, each time', async ({ path }) => {
    writeFileSync(path('a'), data(MiB));
    const source = await openFile(path('a'));
    const seen: string[] = [];
    const hash = digest('md5');
    const log = (word: string) => void seen.push(word);
    const watcher = {
      start: () => log('start'),
      see: async ({ length }: Uint8Array) => log(`see ${length}`),
      finish: () => log('finish'),
    };
    for (let times = 0; times < 2; times += 1) {
      for await (const { length } of watched(source, [watcher, hash]).chunks()) log(`hand ${length}`);
    }
    const turns = [1, 2].flatMap(() => [`see ${MiB / 2}`, `hand ${MiB / 2}`]);
    const once = ['start', ...turns, 'finish'];
    expect(seen).toEqual([...once, ...once]);
    expect(hash.hex()).toBe(createHash('md5').update(data(MiB)).digest('hex'));
    await source.close();
  });

  it('shows nothing of what was given up while it was being read to those who see it anew', async ({
    path,
  }) => {
    writeFileSync(path('a'), data(2 * MiB));
    const file = await openFile(path('a'));
    const hash = digest('md5');
    const source = watched(file, [expectSize(2 * MiB), hash]);
    const givenUp = source.chunks()[Symbol.asyncIterator]();
    await givenUp.next();
    const late = expect(givenUp.next()).rejects.toThrow('is being read anew');
    const ended = givenUp.return?.();
    expect((await all(source)).equals(data(2 * MiB))).toBe(true);
    await late;
    await ended;
    expect(hash.hex()).toBe(
      createHash('md5')
        .update(data(2 * MiB))
        .digest('hex'),
    );
    await source.close();
  });

  it('P10: hands on nothing that a watcher refuses', async ({ path }) => {
    writeFileSync(path('a'), data(2 * MiB));
    const source = await openFile(path('a'));
    await expect(all(watched(source, [expectSize(3)]))).rejects.toThrow(VerifyError);
    await expect(all(watched(source, [expectSize(3 * MiB)]))).rejects.toThrow(VerifyError);
    await source.close();
  });
});
