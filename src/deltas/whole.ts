/** Methods that add nothing: `full` trains every weight of the model, `head` the head alone. */
import { say } from '../sentence.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { notApplicable } from './refusal.ts';

export interface FullOptions {
  type: 'full';
}

export interface HeadOptions {
  type: 'head';
}

/** Full fine-tuning: all parameters, tied and shared ones once. */
export function full(model: DeltaModel, _options: FullOptions, _seed: number): Delta {
  return {
    type: 'full',
    graph: model.graph,
    tensors: [],
    unfrozen: [...model.parameters.keys()],
    virtualTokens: 0,
    filePrefix: '',
    moved: model.moved ?? new Map(),
    peftConfig: null,
  };
}

/**
 * The head alone: the classifier, or of a T5 the language-model head, which is the shared embedding where the
 * two are tied. @throws StudioError('unsupported') when the model has none
 */
export function head(model: DeltaModel, _options: HeadOptions, _seed: number): Delta {
  const languageModelHead = model.head.length === 0 ? [...(model.languageModelHead ?? [])] : [];
  if (model.head.length + languageModelHead.length === 0) throw notApplicable('head', say`a head`);
  return { ...full(model, { type: 'full' }, 0), type: 'head', unfrozen: languageModelHead };
}
