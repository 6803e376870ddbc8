/** The processor as the planner sees it. */
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { ALIGNMENT, MOST_BYTES } from './space.ts';

/** Plans do not depend on the number of threads. @param relaxed whether multiply and add are fused */
export function cpuProfile(threads: number, relaxed = false): AdapterProfile {
  return {
    kind: 'wasm',
    vendor: '',
    architecture: relaxed ? 'wasm-relaxed-simd' : 'wasm-simd',
    description: `this computer's processor, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    software: true,
    subgroups: false,
    f16: false,
    timestamps: false,
    limits: {
      maxStorageBufferBindingSize: MOST_BYTES,
      maxBufferSize: MOST_BYTES,
      maxStorageBuffersPerShaderStage: 16,
      maxComputeWorkgroupStorageSize: 0,
      maxComputeInvocationsPerWorkgroup: 1,
      maxComputeWorkgroupsPerDimension: 2 ** 31 - 1,
      minStorageBufferOffsetAlignment: ALIGNMENT,
    },
  };
}
