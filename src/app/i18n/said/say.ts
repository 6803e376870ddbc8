/** Sentences of the engine as the page shows them. */
import { english, type Told } from '../../../sentence.ts';
import type { Language } from '../../state/preferences.ts';
import { Phrasebook, type Phrases } from './phrasebook.ts';
import { data } from './zh-data.ts';
import { files } from './zh-files.ts';
import { graph } from './zh-graph.ts';
import { methods } from './zh-methods.ts';
import { model } from './zh-model.ts';
import { processor } from './zh-processor.ts';
import { running } from './zh-running.ts';
import { spec } from './zh-spec.ts';
import { texts } from './zh-texts.ts';

export const CHINESE: Phrases = {
  ...data,
  ...texts,
  ...model,
  ...files,
  ...graph,
  ...methods,
  ...spec,
  ...running,
  ...processor,
};

let book: Phrasebook | null = null;

/** In Chinese where the phrasebook has the sentence; else in English, and said to be so. */
export function said(told: Told, language: Language): string {
  const sentence = english(told);
  // The page's own sentences are in its language already.
  if (language === 'en' || sentence.endsWith('。')) return sentence;
  book ??= new Phrasebook(CHINESE);
  // Sentences of runs that ended carry no full stop.
  const stopped = sentence.endsWith('.') ? null : book.translate(`${sentence}.`);
  return book.translate(sentence) ?? stopped ?? `（引擎原文）${sentence}`;
}
