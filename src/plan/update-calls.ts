/** What an update plan asks of a column of kernels. */
import type { AdapterProfile, KernelCall, Operand } from './kernel-call.ts';
import type { AdafactorRates, AdafactorTensor } from './lower/adafactor.ts';
import type { AccumulateOptions, AdamWOptions, GlobalNormOptions, SgdOptions } from './lower/optimizer.ts';

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
