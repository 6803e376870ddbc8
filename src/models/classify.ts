/** What a model is: its family, what it was exported for, which parameters are its head, its labels. */
import { entryOf } from '../entry-of.ts';
import { hiddenOutput } from './hidden-output.ts';
import type { Parameter, SourceGraph } from '../graph/source.ts';

export type Family = 'bert' | 'distilbert' | 'roberta' | 'electra' | 'albert' | 't5' | 'unknown';

/** What the exported graph computes. */
export type ExportTask =
  | 'classification'
  /** One vector or one a token, without a head. */
  | 'features'
  | 'questionAnswering'
  | 'tokens'
  | 'maskedLm'
  | 'text2text'
  | 'unknown';

type Config = Readonly<Record<string, unknown>>;

/** `model_type` of config.json → family. Those of one family have the same modules under the same names. */
const MODEL_TYPES: Readonly<Record<string, Family>> = {
  bert: 'bert',
  distilbert: 'distilbert',
  roberta: 'roberta',
  'xlm-roberta': 'roberta',
  camembert: 'roberta',
  electra: 'electra',
  albert: 'albert',
  t5: 't5',
  mt5: 't5',
};

/** The family by config.json, or without one by the first part of the parameters' names. */
export function familyOf(config: Config, parameters: Iterable<string>): Family {
  if (typeof config.model_type === 'string') return entryOf(MODEL_TYPES, config.model_type) ?? 'unknown';
  const roots = new Set([...parameters].map((name) => name.split('.')[0]));
  if (roots.has('shared') && roots.has('decoder')) return 't5';
  const families: Family[] = ['bert', 'distilbert', 'roberta', 'electra', 'albert'];
  return families.find((family) => roots.has(family)) ?? 'unknown';
}

/** Modules of language-model heads: BERT, RoBERTa, DistilBERT, ELECTRA, ALBERT. */
const LANGUAGE_MODEL_HEAD =
  /^(cls\.predictions|lm_head|vocab_(transform|layer_norm|projector)|generator_(predictions|lm_head)|predictions)\./;

/** Modules of any head that is put on an encoder. */
const ANY_HEAD = new RegExp(`${LANGUAGE_MODEL_HEAD.source}|^(qa_outputs|classifier|pre_classifier|score)\\.`);

/** True for parameters that lie behind the encoder's last hidden state. */
export function isHeadModule(name: string): boolean {
  return ANY_HEAD.test(name);
}

/** What a graph was exported for, from its outputs and, where these are alike, its parameters. */
export function exportTaskOf(graph: SourceGraph, parameters: ReadonlyMap<string, Parameter>): ExportTask {
  const outputs = new Map(graph.outputs.map((output) => [output.name, output]));
  if (graph.inputs.some(({ name }) => name === 'decoder_input_ids') && outputs.has('logits'))
    return 'text2text';
  if (outputs.has('start_logits')) return 'questionAnswering';
  const logits = outputs.get('logits');
  if (!logits) return hiddenOutput(graph) === undefined ? 'unknown' : 'features';
  if ([...parameters.keys()].some((name) => LANGUAGE_MODEL_HEAD.test(name))) return 'maskedLm';
  if (logits.dims.length === 2) return 'classification';
  return logits.dims.length === 3 ? 'tokens' : 'unknown';
}

/**
 * The head of a classifier: every parameter under a module whose name ends in `classifier` or `score`
 * (DistilBERT's `pre_classifier`, RoBERTa's `classifier.dense`; never BERT's pooler).
 */
export function headOf(parameters: Iterable<string>): string[] {
  return [...parameters].filter((name) =>
    name
      .split('.')
      .slice(0, -1)
      .some((module) => /(classifier|score)$/.test(module)),
  );
}

/**
 * The language-model head of an encoder-decoder: `lm_head`, or the shared embedding where the two are tied.
 * Empty for other models.
 */
export function languageModelHeadOf(task: ExportTask, parameters: ReadonlyMap<string, Parameter>): string[] {
  if (task !== 'text2text') return [];
  return ['lm_head.weight', 'shared.weight'].filter((name) => parameters.has(name)).slice(0, 1);
}

/** Labels by class index, from `id2label`; `LABEL_i`, as Hugging Face writes them, where it does not fit. */
export function labelsOf(config: Config, count: number): string[] {
  const given = config.id2label;
  const names = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const fits = Object.keys(names).length === count;
  return Array.from({ length: count }, (_, i) => {
    const name = fits ? names[String(i)] : undefined;
    return typeof name === 'string' ? name : `LABEL_${i}`;
  });
}
