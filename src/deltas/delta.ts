/**
 * A delta method: a rewrite of the source graph plus a list of trainable tensors.
 * One file per method; it knows nothing of GPUs or gradients.
 */
import type { Parameter, SourceGraph } from '../graph/source.ts';
import type { Roles } from '../graph/roles.ts';

/** What a delta is attached to: never mutated; a rewrite works on its own clone. */
export interface DeltaModel {
  graph: SourceGraph;
  parameters: Map<string, Parameter>;
  roles: Roles;
  /** Parameter names that make up the head (trained by every method). */
  head: string[];
  /**
   * Set when the head was made here: the hidden states [batch, length, hidden] it reads. Everything that
   * does not lead to them belongs to the head, which sees the text without virtual tokens.
   */
  freshHead?: { hidden: string };
  /** Model family prefix knowledge for PEFT names, from config.json. */
  config: Readonly<Record<string, unknown>>;
}

/** A tensor the method adds and trains. `data` is its initial value, row-major, `dims` as in the graph. */
export interface DeltaTensor {
  /** Initializer name in the rewritten graph, `delta.<method>.<site>.<part>`. */
  name: string;
  dims: readonly number[];
  data: Float32Array;
  /** Name in the adapter file, and whether the file holds the transpose. */
  file: { name: string; transposed: boolean };
}

export interface Delta {
  /** Method type as in the run spec: `lora`. */
  type: string;
  /** The rewritten source graph (inputs and outputs as before). */
  graph: SourceGraph;
  /** Tensors added by the method; already initializers of `graph`. */
  tensors: DeltaTensor[];
  /** Names of the model's own parameters that the method trains (the head's are added by the caller). */
  unfrozen: string[];
  /** Rows of real text that virtual tokens take from the model's positions. */
  virtualTokens: number;
  /** Fields of PEFT's adapter_config.json for this method (`peft_type` ...), or null where PEFT has none. */
  peftConfig: Record<string, unknown> | null;
}
