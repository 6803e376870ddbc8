/** The table of the update's kernels: one row per step of an optimizer, one column per kind of adapter. */
import type { AdapterProfile, KernelCall, Operand } from '../kernel-call.ts';
import { wasmUpdates } from '../lower-wasm/optimizer.ts';
import { adafactor } from './adafactor.ts';
import type { AdafactorRates, AdafactorTensor } from './adafactor.ts';
import { accumulate, adamW, globalNorm, sgd } from './optimizer.ts';
import type { AccumulateOptions, AdamWOptions, GlobalNormOptions, SgdOptions } from './optimizer.ts';

export interface UpdateKernels {
  /** Writes the four numbers of `norm`: see lower/optimizer.ts. */
  globalNorm: (options: GlobalNormOptions, adapter: AdapterProfile) => KernelCall[];
  adamW: (options: AdamWOptions, adapter: AdapterProfile) => KernelCall[];
  sgd: (options: SgdOptions, adapter: AdapterProfile) => KernelCall[];
  accumulate: (options: AccumulateOptions, adapter: AdapterProfile) => KernelCall[];
  /** Update of one tensor; the scratch memory is free again afterwards. */
  adafactor: (
    tensor: AdafactorTensor,
    rates: AdafactorRates,
    norm: Operand,
    adapter: AdapterProfile,
  ) => KernelCall[];
}

const COLUMNS: Record<AdapterProfile['kind'], UpdateKernels> = {
  webgpu: { globalNorm, adamW, sgd, accumulate, adafactor },
  wasm: wasmUpdates,
};

/** The column of an adapter. */
export function updateKernels({ kind }: AdapterProfile): UpdateKernels {
  return COLUMNS[kind];
}
