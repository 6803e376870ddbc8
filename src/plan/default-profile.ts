/** The least GPU there is: what WebGPU promises of every adapter, and no optional feature. */
import type { AdapterProfile } from './kernel-call.ts';

export const DEFAULT_PROFILE: AdapterProfile = {
  kind: 'webgpu',
  vendor: '',
  architecture: '',
  description: 'WebGPU defaults',
  software: false,
  subgroups: false,
  f16: false,
  timestamps: false,
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    minStorageBufferOffsetAlignment: 256,
  },
};
