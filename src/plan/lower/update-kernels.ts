/** The table of the update's kernels: one row per step of an optimizer, one column per kind of adapter. */
import type { AdapterProfile } from '../kernel-call.ts';
import { wasmUpdates } from '../lower-wasm/optimizer.ts';
import { adafactor } from './adafactor.ts';
import { accumulate, adamW, globalNorm, sgd } from './optimizer.ts';
import type { UpdateKernels } from '../update-calls.ts';

const COLUMNS: Record<AdapterProfile['kind'], UpdateKernels> = {
  webgpu: { globalNorm, adamW, sgd, accumulate, adafactor },
  wasm: wasmUpdates,
};

/** The column of an adapter. */
export function updateKernels({ kind }: AdapterProfile): UpdateKernels {
  return COLUMNS[kind];
}
