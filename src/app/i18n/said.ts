/** Sentences of the engine as the page shows them: in its language, and with its own names for fields of the spec. */
import {
  english,
  filled,
  type MethodName,
  type Sentence,
  type SentenceValue,
  type SpecField,
  type Told,
} from '../../sentence.ts';
import type { Language } from '../state/preferences.ts';
import { en, type Dictionary } from './en.ts';
import { fieldLabel } from './field-label.ts';
import { methodLabel } from './method-label.ts';
import { zh } from './zh.ts';
import { CHINESE } from './zh/said/catalogue.ts';

/** A sentence in a language; a text as it is. */
export function said(told: Told, language: Language): string {
  if (typeof told === 'string') return told;
  if (language === 'en') return inEnglish(told);
  // Another version of the studio may have stored it.
  return known(told) ? inChinese(told) : `（引擎原文）${inEnglish(told)}`;
}

function known({ key, values }: Sentence): boolean {
  return Object.hasOwn(CHINESE, key) && values.every((value) => !isSentence(value) || known(value));
}

function isSentence(value: SentenceValue): value is Sentence {
  return typeof value === 'object' && 'key' in value;
}

function isField(value: SentenceValue): value is SpecField {
  return typeof value === 'object' && 'field' in value;
}

function isMethod(value: SentenceValue): value is MethodName {
  return typeof value === 'object' && 'method' in value;
}

/** The label of a field; in quotes where a sentence goes on around it. */
function named(value: SpecField, text: Dictionary, first: boolean, quotes: string): string {
  const label = fieldLabel(value, text);
  return first || label === value.field ? label : quotes[0] + label + quotes[1];
}

function inEnglish({ key, values }: Sentence): string {
  return filled(key, values, (value, index) => {
    if (isSentence(value)) return inEnglish(value);
    if (isMethod(value)) return methodLabel(value.method, en.methodNames);
    return isField(value) ? named(value, en, index === 0 && key.startsWith('{0}'), '“”') : english(value);
  });
}

/** What stands beside a blank that a name or a sentence of ours in Chinese makes needless. */
const OPENS_CHINESE = /^[\p{Script=Han}“（]/u;
const ENDS_CHINESE = /[\p{Script=Han}，。：；、！？”）]$/u;

function inChinese({ key, values }: Sentence): string {
  let out = '';
  let ours = false;
  for (const part of CHINESE[key].split(/(\{\{|\}\}|\{\d+\})/)) {
    const index = /^\{(\d+)\}$/.exec(part)?.[1];
    if (index === undefined) {
      const literal = part.length === 2 && /^[{}]{2}$/.test(part) ? part[0] : part;
      const joined = ours && ENDS_CHINESE.test(out) ? literal.replace(/^ (?=\p{Script=Han})/u, '') : literal;
      out += gap(out, joined) + joined;
      if (part !== '') ours = false;
      continue;
    }
    const value = values[Number(index)];
    ours = typeof value === 'object';
    const shown = chineseValue(value, out === '');
    if (ours && OPENS_CHINESE.test(shown) && ENDS_CHINESE.test(out.trimEnd())) out = out.trimEnd();
    out += gap(out, shown) + shown;
  }
  return out;
}

function chineseValue(value: SentenceValue, first: boolean): string {
  if (isSentence(value)) return inChinese(value);
  if (isMethod(value)) return methodLabel(value.method, zh.methodNames);
  return isField(value) ? named(value, zh, first, '“”') : english(value);
}

/** A blank between Chinese and other letters or digits, where a value brings them together. */
function gap(before: string, after: string): string {
  const seam = `${before.slice(-1)}${after.slice(0, 1)}`;
  return /^(\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han})$/u.test(seam) ? ' ' : '';
}
