/**
 * The source graph: an ONNX model as we hold it. ONNX operators, dynamic shapes, values by name.
 *
 * Import normalises three things so that everything downstream can rely on them:
 *  - `Constant` nodes become initializers (under the node's output name);
 *  - `Identity` chains over initializers become initializers of their own (sharing bytes), so an
 *    exporter's de-duplication never couples two parameters;
 *  - a parameter's initializer is stored under its recovered name (`bert.encoder.layer.0...weight`),
 *    one initializer for one recovered name.
 *
 * Deltas rewrite this graph; `src/onnx/write.ts` turns it back into a file.
 */

export type ElementType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

/** Bytes that stay in their file and are read each time they are looked at, so that nobody holds them for long. */
export interface StoredBytes {
  readonly byteLength: number;
  /** Whose bytes they are: two of one `place` and one `offset` are the same ones. */
  readonly place: object;
  readonly offset: number;
  /** A copy of its own. @throws StudioError where the file has changed or gone */
  read(): Uint8Array<ArrayBuffer>;
}

/** A constant tensor. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian, row-major: a view into the file (maybe unaligned), or where they lie (`heldBytes` reads them). */
  readonly bytes: Uint8Array | StoredBytes;
  /** Its bytes, dense, are made when they are first looked at: a plan wants its shape alone. */
  readonly later?: boolean;
}

/** One whose bytes are in memory. */
export interface HeldInitializer extends Initializer {
  readonly bytes: Uint8Array;
}

/** Attribute values. Integers arrive as numbers (int64 clamped to ±2^63 as a double is fine for ONNX). */
export type Attribute = number | string | readonly number[] | readonly string[] | Initializer | SourceGraph;

export interface SourceNode {
  name: string;
  op: string;
  /** '' for the default ONNX domain. */
  domain: string;
  /** Value names; '' stands for an omitted optional input. */
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
  /** Module path recorded by the dynamo exporter (`pkg.torch.onnx.name_scopes`), outermost first. */
  scopes?: string[];
}

export interface ValueInfo {
  name: string;
  type: ElementType;
  /** A number is fixed, a string is a symbol (`batch_size`), null is unknown. */
  dims: (number | string | null)[];
}

export interface SourceGraph {
  name: string;
  /** Version of the default operator set. */
  opset: number;
  /** Topologically ordered. */
  nodes: SourceNode[];
  initializers: Map<string, Initializer>;
  /** Graph inputs proper (initializers that old exporters also list as inputs are left out). */
  inputs: ValueInfo[];
  outputs: ValueInfo[];
}

/**
 * A trainable weight of the model as its authors named it.
 * `name` is the Hugging Face name and the key in `graph.initializers`.
 */
export interface Parameter {
  name: string;
  /** Dims as stored in the graph. */
  dims: readonly number[];
  /**
   * True when the graph stores the transpose of what Hugging Face stores: a linear's
   * [in, out] MatMul operand for a [out, in] `weight`. Matters for PEFT files only.
   */
  transposed: boolean;
  /** Initializer name in the file, before recovery (`onnx::MatMul_302`). */
  originalName: string;
}

/** A deep enough copy to rewrite: nodes and maps are new, bytes are shared. */
export function cloneSourceGraph(graph: SourceGraph): SourceGraph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: [...node.inputs],
      outputs: [...node.outputs],
      attributes: { ...node.attributes },
    })),
    initializers: new Map(graph.initializers),
    inputs: graph.inputs.map((v) => ({ ...v, dims: [...v.dims] })),
    outputs: graph.outputs.map((v) => ({ ...v, dims: [...v.dims] })),
  };
}
