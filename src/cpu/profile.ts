/** The processor as the planner sees it. */
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { ALIGNMENT, MOST_BYTES } from './space.ts';

/** Plans do not depend on the number of threads. */
export function cpuProfile(threads: number): AdapterProfile {
  return {
    kind: 'wasm',
    vendor: '',
    architecture: 'wasm',
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
