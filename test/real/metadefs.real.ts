import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metadefSchemas } from '../../src/sandbox/metadefs-schemas.ts';
import { conversation, names } from '../sandbox/metadefs/conversation.ts';
import type { Line } from '../sandbox/metadefs/line.ts';
import { freshSandbox, type Voice } from '../sandbox/talk.ts';
import { type Answer, ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { folder } from './support/disks.ts';
import { contents, deeds, differences, reads, refusals } from './support/metadefs.ts';
import { admin, demo } from './support/people.ts';
import { type Later, projectOf } from './support/witness.ts';

const all = '/v2/metadefs/namespaces';
const drop = (name: string) => ask(admin, `DELETE ${all}/${encodeURIComponent(name)}`);

/** The namespaces and files that lines name in braces; they go when the test is over. */
async function scene(later: Later): Promise<ReadonlyMap<string, string>> {
  const id = randomUUID().slice(0, 8);
  const [ns, bare, next] = [`ns_${id}`, `bare_${id}`, `new_${id}`];
  const place = await folder(later);
  const [file, shown] = [join(place, 'file'), join(place, 'shown')];
  const namespace = { ...contents, namespace: next };
  await writeFile(file, JSON.stringify(namespace));
  await writeFile(shown, JSON.stringify({ ...namespace, self: '/x', schema: '/y', created_at: 'then' }));
  later(async () => {
    for (const name of [ns, bare, next]) await drop(name);
  });
  await ask(admin, `POST ${all}`, { ...contents, namespace: ns });
  await ask(admin, `POST ${all}`, { namespace: bare });
  return new Map(Object.entries({ id, ns, bare, new: next, file, shown }));
}

const timeless = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'at some time or so  ');

/** A text without what is another one each time. */
const masked = (text: string, words: ReadonlyMap<string, string>): string =>
  timeless(text.replaceAll(words.get('id') ?? 'none', 'the same'));

/** What has become of the namespaces of a scene. */
async function outcome(words: ReadonlyMap<string, string>): Promise<readonly unknown[]> {
  const states = ['ns', 'bare', 'new'].map(async (name) => {
    const { status, body } = await ask(admin, `GET ${all}/${words.get(name)}`);
    return { status, ...(status === 200 && JSON.parse(masked(body, words))) };
  });
  return Promise.all(states);
}

describe.skipIf(!hasGlance)('beside glance', () => {
  describe('the same namespaces', () => {
    const afterwards: (() => Promise<void>)[] = [];
    let words: ReadonlyMap<string, string> = new Map();
    beforeAll(async () => {
      words = await scene((act) => void afterwards.push(act));
    });
    afterAll(async () => {
      for (const act of afterwards) await act();
    });

    it.concurrent.each(reads)('are shown by %s', async (line) => {
      const { ours, theirs } = await both(admin, fill(line, words));
      expect(theirs).toMatchObject({ code: 0 });
      expect(ours.out).toBe(theirs.out);
      expect(ours).toMatchObject({ code: 0, err: '' });
    });

    it.concurrent.each(refusals)('P37: are not touched by %s', async (line) => {
      expectRefusal(await both(admin, fill(line, words), { input: 'closed' }));
    });
  });

  describe('namespaces of each', () => {
    it.concurrent.for(deeds)('change the same way by %s', async (line, { onTestFinished: later }) => {
      const deed = async (client: 'glance' | 'tglance') => {
        const words = await scene(later);
        const { code, out } = await admin[client](fill(line, words), { input: 'closed' });
        return { code, out: masked(out, words), namespaces: await outcome(words) };
      };
      const [ours, theirs] = await Promise.all([deed('tglance'), deed('glance')]);
      expect(theirs).toMatchObject({ code: 0 });
      expect(ours).toEqual(theirs);
    });

    it.concurrent.for(differences)('differ by $line: $why', async (row, { onTestFinished: later }) => {
      const { code: theirs } = await admin.glance(fill(row.line, await scene(later)));
      const { code: ours } = await admin.tglance(fill(row.line, await scene(later)));
      expect({ theirs, ours }).toEqual({ theirs: row.theirs, ours: row.ours });
    });
  });
});

const sayTo =
  (voices: Readonly<Record<Line['who'], Voice>>) =>
  async ({ who, ask, json, headers }: Line): Promise<Answer> => {
    const [method = '', path = ''] = ask.split(' ');
    const { status, bytes } = await voices[who](method, `/image${path}`, {
      ...(json !== undefined && { json }),
      headers: { accept: 'application/json', ...headers },
    });
    return { status, body: bytes.toString() };
  };

/** What an answer says, without times, the caller's project, and what a checker tells of a whole schema. */
function sense({ status, body }: Answer, project: string): unknown {
  if (body === '') return { status };
  const told = JSON.parse(timeless(body).replaceAll(project, 'ours'));
  return { status, told: status < 400 ? told : told.message.split(/\n|<br/)[0] };
}

describe('beside the sandbox', () => {
  it('answers the same to everything', async ({ onTestFinished: later }) => {
    const id = randomUUID();
    const own = new Map(names.map((name) => [name as string, `${name}_${id}`]));
    const filled = <T>(value: T): T =>
      JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (_, name) => own.get(name) ?? '')) as T;
    later(async () => {
      for (const name of own.values()) await drop(name);
    });
    const voices = await freshSandbox();
    const say = sayTo(voices);
    const projects = [await projectOf(admin), voices.sandbox.credentials.admin.projectId] as const;
    for (const line of conversation) {
      const [method, path] = line.ask.split(' ');
      const said = filled({ ...line, ask: `${method} /v2/metadefs${path}` });
      const theirs = await ask({ admin, demo }[said.who], said.ask, said.json, said.headers);
      const ours = sense(await say(said), projects[1]);
      expect([said.ask, said.json, ours]).toEqual([said.ask, said.json, sense(theirs, projects[0])]);
    }
  });

  it.each(Object.keys(metadefSchemas))('has the same schema of %s', async (name) => {
    const { body } = await ask(demo, `GET /v2/schemas/metadefs/${name}`);
    expect(withoutDescriptions(metadefSchemas[name])).toEqual(withoutDescriptions(JSON.parse(body)));
  });
});

/** Glance's own sentences are not repeated by the sandbox; a property called description is an object. */
const withoutDescriptions = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    ),
  );
