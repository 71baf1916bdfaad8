import { AnswerError, TglanceError } from '../errors.ts';
import type { Response } from '../http/message.ts';
import type { Ask, Marks, Span, Stretch } from '../transfer/continued.ts';
import type { Api } from './api.ts';
import { path } from './path.ts';

/**
 * Asks for the bytes of an image or a span of them; refuses an image without data.
 * https://docs.openstack.org/api-ref/image/v2/#download-binary-image-data
 */
export const imageData =
  (api: Api, id: string, prefer?: string): Ask =>
  async (span, again) => {
    const query: [string, string][] = prefer === undefined ? [] : [['prefer', prefer]];
    const response = await api.download(path`/v2/images/${id}/file`, query, rangeOf(span), !again);
    try {
      if (response.status === 204) throw new TglanceError(`Image ${id} has no data.`);
      return { ...placeOf(response), marks: marksOf(response), ...response.body };
    } catch (error) {
      response.body.drop();
      throw error;
    }
  };

/** The whole is asked for without a word: not every store of Glance knows ranges. */
const rangeOf = ({ from, to }: Span): Record<string, string> =>
  from === 0 && to === undefined ? {} : { range: `bytes=${from}-${to === undefined ? '' : to - 1}` };

/** Where the bytes of an answer stand. https://www.rfc-editor.org/rfc/rfc9110#field.content-range */
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
function marksOf({ headers: { etag, 'content-md5': md5 } }: Response): Marks {
  return {
    ...(etag !== undefined && { etag: etag.replace(/^W\//, '') }),
    ...(md5 !== undefined && {
      md5: /^[0-9a-f]{32}$/i.test(md5) ? md5.toLowerCase() : Buffer.from(md5, 'base64').toString('hex'),
    }),
  };
}
