import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askSdk, askTglance, differing, lay, type Outcome, startVendors } from './support/openstacksdk.ts';
import type { Case } from './support/sdk-cases/case.ts';
import { logins } from './support/sdk-cases/logins.ts';
import { profiles } from './support/sdk-cases/profiles.ts';
import { search } from './support/sdk-cases/search.ts';
import { words } from './support/sdk-cases/words.ts';

const tables = { 'the search': search, 'an entry': words, 'a profile': profiles, 'a login': logins };
const cases = Object.values(tables).flat();

const root = mkdtempSync(join(tmpdir(), 'tglance-sdk-'));
const outcomes = new Map<Case, { sdk: Outcome; ours: Outcome }>();

beforeAll(async () => {
  const { servers, stop } = await startVendors();
  const sites = cases.map((it, at) => lay(it, join(root, String(at)), servers));
  const sdk = await askSdk(sites);
  for (const [at, site] of sites.entries()) {
    const it = cases[at];
    const theirs = sdk[at];
    if (it && theirs) outcomes.set(it, { sdk: theirs, ours: await askTglance(site) });
  }
  stop();
}, 300_000);

afterAll(() => rmSync(root, { recursive: true }));

describe.each(Object.entries(tables))('%s is read as openstacksdk reads it:', (_table, rows) => {
  it.each(rows)('$title', (row) => {
    const { sdk, ours } = outcomes.get(row) ?? { sdk: {}, ours: {} };
    const found = differing(sdk, ours);
    const report = found
      .map((name) => `${name}: openstacksdk ${sdk[name]}, tglance ${ours[name]}`)
      .join('\n');
    expect(found, report).toEqual(row.differs?.words ?? []);
  });
});

it('there are enough cases to speak of, and few that differ', () => {
  expect(cases.length).toBeGreaterThan(150);
  expect(cases.filter(({ differs }) => differs).length).toBeLessThan(cases.length / 5);
});
