/** The column of WebAssembly kernels in the lowering table (`lower/index.ts`). */
import type { LoweringTable } from '../kernel-call.ts';
import { lowerAttention, lowerAttentionGrad } from './attention.ts';
import { elementwise } from './elementwise.ts';
import { fastfood } from './fastfood.ts';
import { layout } from './layout.ts';
import { loss } from './loss.ts';
import { lowerMatMul } from './matmul.ts';
import { reduce } from './reduce.ts';
import { rows } from './rows.ts';
import { sparse } from './sparse.ts';
import { random } from './random.ts';
import { tokens } from './tokens.ts';

/** Typed over all operators: one without a kernel does not compile. */
export const wasmLowerings: LoweringTable = {
  MatMul: lowerMatMul,
  Attention: lowerAttention,
  AttentionGrad: lowerAttentionGrad,
  ...elementwise,
  ...rows,
  ...tokens,
  ...random,
  ...sparse,
  ...fastfood,
  ...layout,
  ...reduce,
  ...loss,
};
