import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { demo } from './support/people.ts';
import { start, tglanceCommand } from './support/program.ts';
import { drop, type Image, look, make, named, newId } from './support/witness.ts';

const formats = { disk_format: 'raw', container_format: 'bare' };
const flags = ['--disk-format', 'raw', '--container-format', 'bare'];

/** Looks until what the cloud says is so; the test's own time-out is the limit. */
async function until(id: string, so: (image: Image | undefined) => boolean): Promise<Image | undefined> {
  for (;;) {
    const image = await look(demo, id);
    if (so(image)) return image;
    await pause(50);
  }
}

const isBeingSaved = (image: Image | undefined) => image?.status === 'saving';

describe('an upload that ends early', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'P22: leaves no image behind after %s in image-create',
    async (signal, { onTestFinished: later }) => {
      const id = newId(demo, later);
      const { child, ended } = demo.start(['image-create', '--id', id, ...flags], { input: 'open' });
      child.stdin?.write(randomBytes(3_000_000));
      await until(id, isBeingSaved);
      child.kill(signal);
      const { code, out, err } = await ended;
      expect({ code, out }).toEqual({ code: { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal], out: '' });
      expect(err.split('\n').length).toBeLessThanOrEqual(2);
      expect(await until(id, (image) => !isBeingSaved(image))).toBeUndefined();
    },
  );

  it('P22: leaves the image without data after SIGINT in image-upload', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, formats);
    const { child, ended } = demo.start(`image-upload ${id}`, { input: 'open' });
    child.stdin?.write(randomBytes(3_000_000));
    await until(id, isBeingSaved);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, out: '' });
    expect(await until(id, (image) => !isBeingSaved(image))).toMatchObject({ status: 'queued', size: null });
  });

  it('never is an active image when the program is killed', async ({ onTestFinished: later }) => {
    const id = newId(demo, later);
    const { child, ended } = demo.start(['image-create', '--id', id, ...flags], { input: 'open' });
    child.stdin?.write(randomBytes(3_000_000));
    await until(id, isBeingSaved);
    child.kill('SIGKILL');
    await ended;
    expect(await until(id, (image) => !isBeingSaved(image))).toMatchObject({ status: 'queued', size: null });
  });

  it('never is an active image when the data are shorter than promised', async ({
    onTestFinished: later,
  }) => {
    const name = `short ${randomUUID()}`;
    later(async () => {
      for (const { id } of await named(demo, name)) await drop(demo, id);
    });
    const words = ['image-create', '--name', name, ...flags, '--size', '2000000'];
    const { code, out } = await demo.tglance(words, { input: randomBytes(1_000_000) });
    expect(out).toBe('');
    expect(code).toBeGreaterThan(0);
    expect(await named(demo, name)).toEqual([]);
  });
});

describe('a download that ends early', () => {
  it('P9: is no success, and quiet, when its reader has had enough', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, {}, randomBytes(20_000_000));
    const script = '"$@" | head -c 5 | wc -c; echo $PIPESTATUS';
    const command = ['bash', '-c', script, 'bash', ...tglanceCommand, 'image-download', id];
    const { out, err } = await start(command, { env: demo.env }).ended;
    expect({ out, err }).toEqual({ out: '5\n141\n', err: '' });
  });
});
