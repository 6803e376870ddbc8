/**
 * Opens a WebGPU device the same way in a page, a worker and Node: the adapter's larger limits and the
 * features we have kernels for are requested when present, and nothing beyond the defaults is required.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';

/** Not in the standard: browsers have it behind a flag. */
const MATRICES = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;

const WANTED_FEATURES = ['subgroups', 'shader-f16', 'timestamp-query', MATRICES] as const;

const WANTED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
  'minStorageBufferOffsetAlignment',
] as const;

/** Names by which software implementations of Vulkan, Direct3D and Metal give themselves away. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|\bwarp\b|basic render/i;

export interface OpenDeviceOptions {
  /** An adapter obtained already; else one is requested from `gpu`. */
  adapter?: GPUAdapter;
  /** Stay at WebGPU's default limits, as a test of the smallest device. */
  defaultLimits?: boolean;
}

export interface OpenedDevice {
  device: GPUDevice;
  profile: AdapterProfile;
  /** Resolves with a StudioError('device') when the device is lost for any reason but `destroy`. */
  lost: Promise<StudioError>;
  destroy(): void;
}

/** All that an adapter tells of itself. */
export function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return [...new Set([vendor, architecture, device, description])].filter((word) => word !== '').join(' ');
}

/** Whether an adapter computes on the CPU. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter || SOFTWARE.test(describeAdapter(info));
}

/** What an adapter with subgroup matrices says of each kind. */
interface MatrixKind {
  componentType: string;
  resultComponentType: string;
  M: number;
  N: number;
  K: number;
}

/** The matrices that shaders/matmul/matrices can take. */
function matricesOf(info: GPUAdapterInfo): AdapterProfile['matrices'] {
  const { subgroupMatrixConfigs } = info as { subgroupMatrixConfigs?: Iterable<MatrixKind> };
  const { subgroupMinSize: subgroup, subgroupMaxSize } = info;
  if (subgroup === undefined || subgroup !== subgroupMaxSize) return undefined;
  for (const { componentType, resultComponentType, M: m, N: n, K: k } of subgroupMatrixConfigs ?? []) {
    const isSingle = componentType === 'f32' && resultComponentType === 'f32';
    if (isSingle && 32 % m === 0 && 32 % n === 0 && 16 % k === 0) return { m, n, k, subgroup };
  }
  return undefined;
}

/** Plain data about an opened device, for the planner and for run records. */
export function describeDevice(info: GPUAdapterInfo, device: GPUDevice): AdapterProfile {
  const { limits } = device;
  const matrices = device.features.has(MATRICES) ? matricesOf(info) : undefined;
  return {
    kind: 'webgpu',
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description || info.device || info.architecture,
    software: isSoftware(info),
    subgroups: device.features.has('subgroups'),
    ...(info.subgroupMinSize !== undefined && { smallestSubgroup: info.subgroupMinSize }),
    ...(matrices && { matrices }),
    f16: device.features.has('shader-f16'),
    timestamps: device.features.has('timestamp-query'),
    limits: {
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    },
  };
}

/**
 * Opens a device. `gpu` is `navigator.gpu`, or what `openNodeGpu` gives.
 * @throws StudioError('device') when there is no WebGPU, no adapter or no device.
 */
export async function openDevice(
  gpu: GPU | undefined,
  options: OpenDeviceOptions = {},
): Promise<OpenedDevice> {
  if (gpu === undefined) {
    throw new StudioError(
      'device',
      say`This browser has no WebGPU: use a current Chrome, Edge, Firefox or Safari, over https or on localhost.`,
    );
  }
  const adapter = options.adapter ?? (await gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter) {
    throw new StudioError(
      'device',
      say`WebGPU found no adapter: update the graphics driver, or start the browser with software rendering enabled.`,
    );
  }
  const requiredFeatures = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const requiredLimits: Record<string, number> = {};
  if (!options.defaultLimits) for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];

  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      'device',
      say`The adapter refused to open a device (${reason}): reload and try again.`,
      {
        cause,
      },
    );
  }

  const lost = device.lost.then((info) =>
    info.reason === 'destroyed'
      ? new Promise<never>(() => {}) // closed on purpose: nothing to report
      : new StudioError(
          'device',
          say`The GPU device was lost (${info.message || info.reason}): what was trained up to the last checkpoint is kept, resume the run from there.`,
        ),
  );
  return { device, profile: describeDevice(adapter.info, device), lost, destroy: () => device.destroy() };
}
