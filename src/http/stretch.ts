import { AnswerError } from '../errors.ts';
import type { Marks, Span, Stretch } from '../transfer/stretch.ts';
import type { Response } from './message.ts';

/**
 * Asks for a span of something; for the whole without a word, since not everybody knows ranges. Glance falls silent
 * where its store has less than it promised, but for the end of a connection that is not to be used again.
 */
export const rangeOf = ({ from, to }: Span): Record<string, string> =>
  from === 0 && to === undefined
    ? {}
    : { range: `bytes=${from}-${to === undefined ? '' : to - 1}`, connection: 'close' };

/** The bytes of an answer, and what it says of them. https://www.rfc-editor.org/rfc/rfc9110#field.content-range */
export function stretchOf(response: Response): Stretch {
  const { body, headers, elsewhere, url } = response;
  try {
    return {
      ...placeOf(response),
      marks: marksOf(headers),
      ...(elsewhere && { elsewhere: url.host }),
      ...body,
    };
  } catch (error) {
    body.drop();
    throw error;
  }
}

function placeOf({ status, headers, url }: Response): Pick<Stretch, 'start' | 'end' | 'total'> {
  const { 'content-encoding': encoding = 'identity', 'content-range': range = '' } = headers;
  const refused = (what: string) => new AnswerError(`${url.origin}${url.pathname} answered ${what}`);
  if (encoding !== 'identity') throw refused(`in ${encoding}, which was not asked for`);
  const length = whole(headers['content-length']);
  if (status !== 206) return { start: 0, end: length, total: length };
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(range.trim()) ?? [];
  if (first === undefined) throw refused(`with a part of the data, and not which: '${range}'`);
  return { start: Number(first), end: Number(last) + 1, total: whole(total) };
}

const whole = (word = ''): number | undefined => (/^\d{1,15}$/.test(word) ? Number(word) : undefined);

/** Glance has the MD5 of the whole image in hexadecimal digits, others in base64 as RFC 1864 wants it. */
function marksOf({ etag, 'content-md5': md5, 'last-modified': modified }: Response['headers']): Marks {
  return {
    ...(etag !== undefined && { etag: etag.replace(/^W\//, '') }),
    ...(modified !== undefined && { modified }),
    ...(md5 !== undefined && {
      md5: /^[0-9a-f]{32}$/i.test(md5) ? md5.toLowerCase() : Buffer.from(md5, 'base64').toString('hex'),
    }),
  };
}
