/** The shape of a sentence that was stored. */
import { z } from 'zod';
import type { Sentence, SentenceValue, Told } from '../../sentence.ts';

/** More than any sentence of ours has. */
const LONGEST_TEXT = 10_000;
const MOST_VALUES = 50;
const DEEPEST = 12;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

function isValue(value: unknown, depth: number): value is SentenceValue {
  if (typeof value === 'object' && value !== null && 'field' in value) {
    const { field, of, ...rest } = value as Record<string, unknown>;
    return isText(field) && (of === undefined || isText(of)) && Object.keys(rest).length === 0;
  }
  if (typeof value === 'object' && value !== null && 'method' in value)
    return isText(value.method) && Object.keys(value).length === 1;
  return isText(value) || typeof value === 'number' || isSentence(value, depth + 1);
}

function isSentence(value: unknown, depth = 0): value is Sentence {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  const { key, values, ...rest } = value as Record<string, unknown>;
  if (!isText(key) || !Array.isArray(values) || Object.keys(rest).length > 0) return false;
  return values.length <= MOST_VALUES && values.every((one) => isValue(one, depth));
}

export const sentenceSchema = z.custom<Sentence>((value) => isSentence(value));
/** A sentence, or the text of one that was stored before sentences carried their data. */
export const toldSchema = z.custom<Told>((value) => isText(value) || isSentence(value));
