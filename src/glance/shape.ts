import { AnswerError } from '../errors.ts';
import type { Image } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The objects that an answer lists under `key`; none where it does not say. */
export const listIn = <T extends object>(answer: object, key: string): readonly T[] =>
  fieldIn<readonly T[]>(answer, key, isListOf(isObject), 'is no list of objects') ?? [];

/** The words that an answer lists under `key`; none where it does not say. */
export const wordsIn = (answer: object, key: string): readonly string[] =>
  fieldIn<readonly string[]>(answer, key, isListOf(isText), 'is no list of words') ?? [];

/** The object that an answer has under `key`; an empty one where it does not say. */
export const objectIn = <T extends object>(answer: object, key: string): T =>
  fieldIn<T>(answer, key, isObject, 'is no object') ?? ({} as T);

/** An image's record that can be worked with; whatever else it says is shown as it is. */
export function imageIn(record: Image): Image {
  for (const key of ['id', 'status']) {
    if (fieldIn(record, key, isWord, 'is no word') === undefined) throw senseless(`there is no '${key}'`);
  }
  fieldIn(record, 'name', (value) => value === null || isText(value), 'is no text');
  fieldIn(record, 'tags', isListOf(isText), 'is no list of words');
  return record;
}

function fieldIn<T>(
  answer: object,
  key: string,
  fits: (value: unknown) => boolean,
  problem: string,
): T | undefined {
  const value = Object.hasOwn(answer, key) ? (answer as Fields)[key] : undefined;
  if (value !== undefined && !fits(value)) throw senseless(`'${key}' ${problem}`);
  return value as T | undefined;
}

const senseless = (why: string) => new AnswerError(`The Image service's answer makes no sense: ${why}`);

const isText = (value: unknown) => typeof value === 'string';
const isWord = (value: unknown) => isText(value) && value !== '';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (fits: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(fits);
