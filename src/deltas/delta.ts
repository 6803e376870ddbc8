/**
 * A delta method: a rewrite of the source graph plus a list of trainable tensors.
 * One file per method; it knows nothing of GPUs or gradients.
 */
import type { Parameter, SourceGraph } from '../graph/source.ts';
import type { Roles } from '../graph/roles.ts';
import type { DeltaTensor, FilePlace } from './delta-tensor.ts';
import type { OpenedAdapter, OpenedAdapters } from './opened-adapter.ts';
import type { TrainingRules } from './rules.ts';

export type { DeltaTensor, FileCode, FilePlace } from './delta-tensor.ts';

/** What a delta is attached to: never mutated; a rewrite works on its own clone. */
export interface DeltaModel {
  graph: SourceGraph;
  parameters: Map<string, Parameter>;
  roles: Roles;
  /** Parameter names that make up the head (trained by every method). */
  head: string[];
  /** Parameter names of a language-model head, which only `full` and `head` train. */
  languageModelHead?: readonly string[];
  /**
   * Set when the head was made here: the hidden states [batch, length, hidden] it reads. Everything that
   * does not lead to them belongs to the head, which sees the text without virtual tokens.
   */
  freshHead?: { hidden: string };
  /** Weights that an earlier stage trained: their values are no longer the base model's. */
  own?: ReadonlySet<string>;
  /** Which of how many tasks it answers, of a run of several. */
  place?: { index: number; count: number };
  /** Values moved by deltas attached before (`Delta.moved`). */
  moved?: ReadonlyMap<string, string>;
  /** SHA-256 of the base model's weights, where they came from a file. */
  hash?: string;
  /** Trained adapters that a method may name. */
  adapters?: OpenedAdapters;
  /** Model family prefix knowledge for PEFT names, from config.json. */
  config: Readonly<Record<string, unknown>>;
}

export interface TensorRate {
  /** Multiplies the learning rate. */
  scale: number;
  /** Whether weight decay applies. */
  decay: boolean;
}

/**
 * A value computed from trained tensors alone, which files hold in their place: what an encoder of virtual
 * tokens gives. Baking (bake.ts) makes a tensor of it.
 */
export interface BakedTensor {
  /** The value in the graph. */
  value: string;
  /** Name of the tensor it becomes. */
  name: string;
  dims: readonly number[];
  file: FilePlace;
}

/** A frozen tensor that files hold, since whoever reads them could not make it: as the file has it, row-major. */
export interface FixedTensor {
  file: string;
  dims: readonly number[];
  data: Float32Array;
  /** Kept as 32-bit integers. */
  integers?: boolean;
  /** The option that it follows from, for messages. */
  option: 'method.projectionKey' | 'method.maskSeed';
}

export interface Delta {
  /** Method type as in the run spec: `lora`. */
  type: string;
  /** The rewritten source graph (inputs and outputs as before). */
  graph: SourceGraph;
  /** Tensors added by the method; already initializers of `graph`. */
  tensors: DeltaTensor[];
  /** Frozen tensors of its own whose values come with what the run starts from; zeros until then. Names as in `tensors`. */
  given?: readonly DeltaTensor[];
  /** Names of the model's own parameters that the method trains (the head's are added by the caller). */
  unfrozen: string[];
  /** Values that files hold instead of the tensors they are computed from. */
  baked?: readonly BakedTensor[];
  /** Values that an export holds in the place of a weight of the model: computed from it and from what trains. */
  folds?: readonly { parameter: string; value: string }[];
  /** Frozen tensors of the method's own that files hold too. */
  fixed?: readonly FixedTensor[];
  /** What stands before a parameter's name in files: PEFT's prefix, or nothing. */
  filePrefix: '' | 'base_model.' | 'base_model.model.';
  /** Where files keep unfrozen parameters, for those that have another name there. */
  files?: ReadonlyMap<string, string>;
  /** Positions of the model that virtual tokens take from the text. */
  virtualTokens: number;
  /** Source values moved: who read the key before reads the value now. Later rewrites build on these. */
  moved: ReadonlyMap<string, string>;
  /** Source values through which no gradient passes (DoRA's norm). */
  detached?: readonly string[];
  /** Learning rate factor and decay of a trained tensor, where they differ by tensor (LoRA+). */
  rateOf?: (name: string, shape: readonly number[]) => TensorRate;
  /** Penalties, schedules, and what happens after updates and at steps. */
  training?: TrainingRules;
  /** Fields of PEFT's adapter_config.json for this method (`peft_type` ...), or null where PEFT has none. */
  peftConfig: Record<string, unknown> | null;
  /** AdapterHub's adapter_config.json, for the methods whose files are in its layout. */
  hubConfig?: Record<string, unknown>;
  /** Frozen adapters that it is built of and that its folder holds too. */
  fused?: readonly OpenedAdapter[];
}

/** What is the delta's and not the head's: tensors it adds and weights that it unfreezes. */
export function ownNames({ tensors, given = [], unfrozen }: Delta): Set<string> {
  return new Set([...[...tensors, ...given].map(({ name }) => name), ...unfrozen]);
}
