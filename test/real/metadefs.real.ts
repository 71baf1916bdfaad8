import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { conversation, type Line, names } from '../sandbox/metadefs-conversation.ts';
import { freshSandbox, type Voice } from '../sandbox/talk.ts';
import { admin, demo } from './support/people.ts';
import { endpointOf, projectOf, tokenOf } from './support/witness.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Say = (line: Line) => Promise<Answer>;

const people = { admin, demo };

const sayToGlance: Say = async ({ who, ask, json, headers }) => {
  const [method = 'GET', path = ''] = ask.split(' ');
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await request((await endpointOf(people[who])) + path, {
    method: method as 'GET',
    headers: {
      ...{ accept: 'application/json', 'x-auth-token': await tokenOf(people[who]) },
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...body,
  });
  return { status: answer.statusCode, body: await answer.body.text() };
};

const sayToSandbox =
  (voices: Readonly<Record<Line['who'], Voice>>): Say =>
  async ({ who, ask, json, headers }) => {
    const [method = '', path = ''] = ask.split(' ');
    const answer = await voices[who](method, `/image${path}`, {
      ...(json !== undefined && { json }),
      headers: { accept: 'application/json', ...headers },
    });
    return { status: answer.status, body: answer.bytes.toString() };
  };

/** What an answer says, without times, the caller's project, and what a checker tells of a whole schema. */
function sense({ status, body }: Answer, project: string): unknown {
  if (body === '') return { status };
  const told = JSON.parse(
    body.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'then').replaceAll(project, 'ours'),
  );
  return { status, told: status < 400 ? told : told.message.split(/\n|<br/)[0] };
}

it('is what the sandbox takes it for', async ({ onTestFinished: later }) => {
  const run = randomUUID();
  const own = Object.fromEntries(names.map((name) => [name, `${name}-${run}`]));
  const fill = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (_, name) => own[name] ?? '')) as T;
  later(async () => {
    for (const name of names) {
      const path = `/v2/metadefs/namespaces/${own[name]}`;
      await sayToGlance({ who: 'admin', ask: `DELETE ${path}`, status: 204 });
    }
  });
  const voices = await freshSandbox();
  const [theirs, ours] = [await projectOf(admin), voices.sandbox.credentials.admin.projectId];
  for (const line of conversation) {
    const [method, path] = line.ask.split(' ');
    const filled = fill({ ...line, ask: `${method} /v2/metadefs${path}` });
    const expected = sense(await sayToGlance(filled), theirs);
    const found = sense(await sayToSandbox(voices)(filled), ours);
    expect([filled.ask, filled.json, found]).toEqual([filled.ask, filled.json, expected]);
  }
});
