/** The lowering table: how each operator becomes kernel calls. One entry per operator, one file per family. */
import type { OpName, Program, ProgramNode } from '../../graph/program.ts';
import { StudioError } from '../../errors.ts';
import type { AdapterProfile, AnyNode, KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { lowerAttention, lowerAttentionGrad } from './attention.ts';
import { elementwise } from './elementwise.ts';
import { embedding } from './embedding.ts';
import { layout } from './layout.ts';
import { loss } from './loss.ts';
import { lowerMatMul } from './matmul.ts';
import { norm } from './norm.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { softmax } from './softmax.ts';

export const lowerings: Partial<LoweringTable> = {
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
  ...random,
};

/** The kernel calls of one node. Throws StudioError('unsupported') for an operator without a kernel. */
export function lowerNode(node: AnyNode, program: Program, adapter: AdapterProfile): KernelCall[] {
  const lower = lowerings[node.op] as Lowering<OpName> | undefined;
  if (!lower) {
    throw new StudioError(
      'unsupported',
      `The operator ${node.op} of ${node.sources.join(', ') || node.outputs[0]} has no kernel: export the model without it.`,
      { where: node.sources[0] },
    );
  }
  return lower(node as ProgramNode<OpName>, program, adapter);
}
