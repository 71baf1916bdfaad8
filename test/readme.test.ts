import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tglance } from './support/tglance.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

it('what README shows of the sandbox is what happens', async () => {
  const blocks = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map((it) => it[1] ?? '');
  const steps = blocks.flatMap((block) => block.split(/^\$ /m).slice(1));
  expect(steps.length).toBeGreaterThan(0);
  const home = mkdtempSync(join(tmpdir(), 'tglance-readme-'));
  try {
    for (const step of steps) {
      const [line = '', ...output] = step.split('\n');
      const { out, err, code } = await tglance(line.replace(/^tglance /, ''), { home });
      expect({ line, out, err, code }).toEqual({ line, out: output.join('\n'), err: '', code: 0 });
    }
  } finally {
    rmSync(home, { recursive: true });
  }
});
