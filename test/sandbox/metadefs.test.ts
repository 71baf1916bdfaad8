import { expect, it } from 'vitest';
import { conversation, type Line } from './metadefs-conversation.ts';
import { freshSandbox, said, type Voice } from './talk.ts';

const metadefs = '/image/v2/metadefs';

/** Says a line; names stand for themselves here, where nobody else makes namespaces. */
const say = (voices: Readonly<Record<Line['who'], Voice>>, { who, ask, json, headers = {} }: Line) => {
  const [method = '', path = ''] = ask.replace(/\{(\w+)\}/g, '$1').split(' ');
  const body =
    json === undefined ? {} : { json: JSON.parse(JSON.stringify(json).replace(/\{(\w+)\}/g, '$1')) };
  return voices[who](method, metadefs + path, { ...body, headers });
};

it('answers every request as the real service does', async () => {
  const voices = await freshSandbox();
  for (const line of conversation) {
    const answer = await say(voices, line);
    expect([line.ask, line.json, answer.status]).toEqual([line.ask, line.json, line.status]);
    if (line.words !== undefined) expect(said(answer)).toBe(line.words.replace(/\{(\w+)\}/g, '$1'));
  }
});
