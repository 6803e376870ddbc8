/**
 * What executes plans. A studio is a device with what its runs share, an executor one run on it: on WebGPU in
 * `src/gpu`, on the processor in `src/cpu`. Whoever trains, evaluates or generates knows these interfaces alone.
 */
import type { StudioError } from '../errors.ts';
import type { AdapterProfile } from './kernel-call.ts';
import type { MemoryBytes, Placement, Plan } from './plan.ts';

export const PHASES = ['compute', 'accumulate', 'update'] as const;
export type Phase = (typeof PHASES)[number];

export type HostData = Float32Array | Int32Array | Uint32Array | Uint16Array;

export interface Studio {
  readonly profile: AdapterProfile;
  /** Resolves when the device is lost, unless by `destroy`. */
  readonly lost: Promise<StudioError>;
  /** How many objects of each kind were made so far: a training step in steady state adds none. */
  readonly counters: Readonly<object>;
  /** Bytes of all runs' buffers, shared ones once. */
  readonly memory: { readonly bytes: MemoryBytes };
  /**
   * Allocates the buffers of all plans of one run and returns what executes them.
   * @param lender the memory of a run whose weights this one reads, trained as they are
   * @throws StudioError('device') when the memory cannot be had
   */
  createRun(plans: readonly Plan[], lender?: RunMemory): Promise<Executor>;
  /**
   * Chooses kernels for the shapes of plans by measuring them, where that was asked for.
   * @returns whether `profile` has changed, so that they are to be planned anew
   */
  tune?(plans: readonly Plan[]): Promise<boolean>;
  /** Closes the device. What still waits for it is rejected. */
  destroy(): void;
}

/** A plan made ready by the executor of its run. */
export interface PreparedPlan {
  readonly plan: Plan;
}

export interface ExecuteRequest {
  /** Data by the names of `plan.uploads`; what is left out keeps what it had. */
  uploads?: Readonly<Record<string, HostData>>;
  /** What to dispatch, in this order. */
  phases: readonly Phase[];
  /** Names of `plan.readbacks` to read after the last dispatch. */
  read?: readonly string[];
}

export interface Executor {
  readonly memory: RunMemory;
  /** Makes ready all that a plan's steps need, once. The plan must be among those the run was created with. */
  prepare(plan: Plan): Promise<PreparedPlan>;
  /**
   * Uploads, dispatches and reads back, in the order of the calls; returns before any of it has happened.
   * The promise rejects with StudioError('device') when the device is lost.
   */
  execute(prepared: PreparedPlan, request: ExecuteRequest): Promise<Record<string, Float32Array>>;
  /** Reads tensors wherever they are, after everything executed so far. */
  read(placements: readonly Placement[]): Promise<Float32Array[]>;
  /** Gives the run's memory back. */
  destroy(): void;
}

/** The buffers of one run. */
export interface RunMemory {
  /** Bytes of this run's buffers by category, shared ones included: comparable with `Plan.memory`. */
  readonly bytes: MemoryBytes;
  /** Copies data to its place, in order with everything executed. */
  write(placement: Placement, data: HostData): void;
  /** Uploads a plan's weights that are not on the device yet; `dataOf` is asked for those only. */
  fill(plan: Pick<Plan, 'weights'>, dataOf: (name: string) => Float32Array | Int32Array): void;
  /** Gives all buffers back; shared ones go with their last user. */
  destroy(): void;
}
