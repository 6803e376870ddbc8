/** The column of WebAssembly kernels in the lowering table (`lower/index.ts`). */
import type { LoweringTable } from '../kernel-call.ts';
import { elementwise } from './elementwise.ts';
import { lowerMatMul } from './matmul.ts';

export const wasmLowerings: Partial<LoweringTable> = {
  MatMul: lowerMatMul,
  ...elementwise,
};
