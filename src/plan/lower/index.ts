/**
 * The lowering table: how each operator becomes kernel calls. One row per operator, one file per family; one column
 * per kind of adapter: WGSL here, WebAssembly in `lower-wasm`.
 */
import type { OpName, Program } from '../../graph/program.ts';
import type { AdapterProfile, AnyNode, KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { wasmLowerings } from '../lower-wasm/index.ts';
import { lowerAttention, lowerAttentionGrad } from './attention.ts';
import { elementwise } from './elementwise.ts';
import { embedding } from './embedding.ts';
import { fastfood } from './fastfood.ts';
import { layout } from './layout.ts';
import { linearLoss } from './linear-loss.ts';
import { loss } from './loss.ts';
import { lowerMatMul } from './matmul.ts';
import { norm } from './norm.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { search } from './search.ts';
import { softmax } from './softmax.ts';
import { sparse } from './sparse.ts';

/** Typed over all operators: one without a kernel does not compile. */
export const lowerings: LoweringTable = {
  MatMul: lowerMatMul,
  Attention: lowerAttention,
  AttentionGrad: lowerAttentionGrad,
  ...elementwise,
  ...norm,
  ...softmax,
  ...embedding,
  ...layout,
  ...reduce,
  ...loss,
  ...linearLoss,
  ...random,
  ...search,
  ...sparse,
  ...fastfood,
};

const COLUMNS: Record<AdapterProfile['kind'], LoweringTable> = {
  webgpu: lowerings,
  wasm: wasmLowerings,
};

/** The kernel calls of one node, in order. */
export function lowerNode(node: AnyNode, program: Program, adapter: AdapterProfile): KernelCall[] {
  // The table has for every name a lowering of that name's node; the union loses the pairing.
  const lower = COLUMNS[adapter.kind][node.op] as Lowering<OpName>;
  return lower(node, program, adapter);
}
