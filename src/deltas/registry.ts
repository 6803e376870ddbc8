/** All methods by type. A method is one file and one line here. */
import { adalora } from './adalora.ts';
import type { AdaloraOptions } from './adalora.ts';
import { adapter } from './adapter.ts';
import type { AdapterOptions } from './adapter.ts';
import { compacter } from './compacter.ts';
import type { CompacterOptions } from './compacter.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { diffPruning } from './diff-pruning.ts';
import type { DiffPruningOptions } from './diff-pruning.ts';
import { fusion } from './fusion.ts';
import type { FusionOptions } from './fusion.ts';
import { ia3 } from './ia3.ts';
import type { Ia3Options } from './ia3.ts';
import { ipt } from './ipt.ts';
import type { IptOptions } from './ipt.ts';
import { loha } from './loha.ts';
import type { LohaOptions } from './loha.ts';
import { lokr } from './lokr.ts';
import type { LokrOptions } from './lokr.ts';
import { lora } from './lora.ts';
import type { LoraOptions } from './lora.ts';
import { mam } from './mam.ts';
import type { MamOptions } from './mam.ts';
import { mask } from './mask.ts';
import type { MaskOptions } from './mask.ts';
import { multitaskPrompt } from './multitask-prompt.ts';
import type { MultitaskPromptOptions } from './multitask-prompt.ts';
import { prefix } from './prefix.ts';
import type { PrefixOptions } from './prefix.ts';
import { prompt } from './prompt.ts';
import type { PromptOptions } from './prompt.ts';
import { ptuning } from './ptuning.ts';
import type { PtuningOptions } from './ptuning.ts';
import { said } from './said.ts';
import type { SaidOptions } from './said.ts';
import { sparse } from './sparse.ts';
import type { SparseOptions } from './sparse.ts';
import { bitfit, lastLayer, layernorm, selective } from './specification.ts';
import type { BitfitOptions, LastLayerOptions, LayernormOptions, SelectiveOptions } from './specification.ts';
import type { RunLength } from './rules.ts';
import { unipelt } from './unipelt.ts';
import type { UnipeltOptions } from './unipelt.ts';
import { vera } from './vera.ts';
import type { VeraOptions } from './vera.ts';
import { full, head } from './whole.ts';
import type { FullOptions, HeadOptions } from './whole.ts';

export type MethodOptions =
  | FullOptions
  | HeadOptions
  | LoraOptions
  | VeraOptions
  | AdaloraOptions
  | LohaOptions
  | LokrOptions
  | SaidOptions
  | PromptOptions
  | PtuningOptions
  | MultitaskPromptOptions
  | IptOptions
  | PrefixOptions
  | AdapterOptions
  | CompacterOptions
  | MamOptions
  | UnipeltOptions
  | FusionOptions
  | BitfitOptions
  | LayernormOptions
  | LastLayerOptions
  | SelectiveOptions
  | SparseOptions
  | MaskOptions
  | DiffPruningOptions
  | Ia3Options;
export type MethodType = MethodOptions['type'];

type Attach<Options> = (model: DeltaModel, options: Options, seed: number, length?: RunLength) => Delta;

const METHODS: { [T in MethodType]: Attach<Extract<MethodOptions, { type: T }>> } = {
  full,
  head,
  lora,
  vera,
  adalora,
  loha,
  lokr,
  said,
  prompt,
  ptuning,
  multitaskPrompt,
  ipt,
  prefix,
  adapter,
  compacter,
  mam,
  unipelt,
  fusion,
  bitfit,
  layernorm,
  lastLayer,
  selective,
  sparse,
  mask,
  diffPruning,
  ia3,
};

/**
 * Attach a method to a model: the rewritten graph and what it trains. The model itself is not changed.
 * @param seed initial values are a function of seed and tensor name
 * @param length of the run; absent where nothing trains
 * @throws StudioError('spec') naming the option that cannot be, StudioError('unsupported') where the model lacks a place
 */
export function attachDelta(
  model: DeltaModel,
  options: MethodOptions,
  seed: number,
  length?: RunLength,
): Delta {
  const attach = METHODS[options.type] as Attach<MethodOptions>;
  return attach(model, options, seed, length);
}
