/** Messages about what is inside a model and what each run of a comparison would train of it. */
import { type Sentence } from '../sentence.ts';
import type { RateTraits } from '../deltas/default-rates.ts';
import type { MethodType } from '../deltas/defaults.ts';
import type { SpecInput } from '../runs/spec.ts';

export interface TreeParameter {
  /** Dotted, as recovered. */
  name: string;
  shape: readonly number[];
  /** What its place is: `encoder.3.self.q`; null where it has no role. */
  role: string | null;
  /** Whether it belongs to the head, which every method trains beside its delta. */
  head?: boolean;
}

/** What one run trains. */
export interface TreeRun {
  run: string;
  method: string;
  /** The model's own parameters that train, by their place in `parameters`; the head's among them. */
  trained: number[];
  /** The tensors that the method adds, in the order of the model. */
  added: TreeAddition[];
}

/** A tensor that a method adds and trains. */
export interface TreeAddition {
  /** Module that it stands at; empty for one that stands at none. */
  module: string;
  /** What it is: `lora_A`, `adapter.down.weight`. */
  name: string;
  shape: readonly number[];
}

export interface ModelTree {
  parameters: TreeParameter[];
  /** Matrices that targets can name. */
  linears: { role: string; module: string }[];
  runs: TreeRun[];
  /** Why a method with its defaults does not fit this model; null where it does. */
  obstacles: Record<MethodType, Sentence | null>;
  /** What the default learning rates follow. */
  traits: RateTraits;
}

export interface TreeRequest {
  type: 'modelTree';
  id: number;
  spec: SpecInput;
}

export interface TreeReply {
  type: 'modelTree';
  id: number;
  tree: ModelTree;
}
