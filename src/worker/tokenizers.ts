/** Tokenizers of the models that are open. */
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import type { Model } from '../models/model.ts';
import { tokenizerOf } from '../train/prepare.ts';

const tokenizers = new WeakMap<Model, Tokenizer>();

/** Making a tokenizer reads a whole vocabulary, so one is kept for each model. @throws StudioError('tokenizer') */
export function tokenizerFor(model: Model): Tokenizer {
  const known = tokenizers.get(model) ?? tokenizerOf(model);
  tokenizers.set(model, known);
  return known;
}
