/**
 * What a lowering returns: one dispatch of one shader, with symbolic operands. The planner gives
 * every operand an address and thereby makes it a `Dispatch` of a `Plan`.
 */
import type { KernelChoices } from './kernel-choices.ts';
import type { AnyNode, OpName, Program, ProgramNode } from '../graph/program.ts';

/** What the planner may know about the device. Plain data, so plans are made and tested without one. */
export interface AdapterProfile {
  /** Which column of kernels it takes: WGSL, or WebAssembly on the processor. */
  kind: 'webgpu' | 'wasm';
  vendor: string;
  architecture: string;
  description: string;
  /** SwiftShader, lavapipe, WARP: no real GPU behind the API. */
  software: boolean;
  subgroups: boolean;
  /** Invocations of the smallest subgroup, where there are any and the adapter says. */
  smallestSubgroup?: number;
  /** Matrices of single precision that a subgroup multiplies, m × k by k × n, where there are such and one size of subgroups. */
  matrices?: { m: number; n: number; k: number; subgroup: number };
  f16: boolean;
  timestamps: boolean;
  /** Which variants of kernels run on it, where they were measured. */
  choices?: KernelChoices;
  /** Variants that were faster there and computed something else than the usual one, as `CLASS: VARIANT`; never chosen. */
  wrong?: readonly string[];
  limits: {
    maxStorageBufferBindingSize: number;
    maxBufferSize: number;
    maxStorageBuffersPerShaderStage: number;
    maxComputeWorkgroupStorageSize: number;
    maxComputeInvocationsPerWorkgroup: number;
    maxComputeWorkgroupsPerDimension: number;
    minStorageBufferOffsetAlignment: number;
  };
}

/**
 * A value of the program, scratch memory of this node, or the per-step block (seed, step, rates).
 * `part` binds a range of the value alone, in bytes as if its numbers took four each, which the planner turns into
 * what they take; its offset keeps the binding alignment (256). Scratch
 * memory of one name may be bound in different lengths: it is as long as the longest.
 */
export type Operand =
  | { value: string; access: 'read' | 'write' | 'readwrite'; part?: { offset: number; bytes: number } }
  | { scratch: string; bytes: number; access: 'read' | 'write' | 'readwrite' }
  | { step: true; access: 'read' };

export interface KernelCall {
  /** Path under `shaders/`, without `.wgsl`: `matmul/register`. */
  shader: string;
  /** Entry point, `main` unless the file holds several. */
  entry: string;
  /** `override` constants. Booleans are 0 or 1. */
  constants: Record<string, number>;
  /** Constants of it that are read from a uniform behind the operands instead (lower/sizes.ts). */
  sizes?: Record<string, number>;
  /** In order of `@binding(0..)` of group 0. At most 8. */
  operands: Operand[];
  workgroups: [number, number, number];
  /** The class of shapes that chose its variant, where its family has some. */
  tunes?: string;
  /** Its share of the node's arithmetic, where a node takes several calls that differ much; else they share it evenly. */
  flops?: number;
}

/**
 * Turns one node into dispatches. Shapes come from `program.values`. Outputs named '' are not wanted.
 * An output that is nobody's business need not be computed; every wanted output is written whole.
 */
export type Lowering<Op extends OpName> = (
  node: ProgramNode<Op>,
  program: Program,
  adapter: AdapterProfile,
) => KernelCall[];

export type LoweringTable = { [Op in OpName]: Lowering<Op> };

export type { AnyNode };

/**
 * The per-step block: 16 u32/f32 words that change every step and are uploaded with the batch.
 * WGSL: `struct Step { seed: u32, step: u32, optimizerStep: u32, flags: u32, learningRate: f32,
 * beta1Correction: f32, beta2Correction: f32, lossScale: f32, ... }` (words 8..15 are reserved).
 * `step` counts micro-batches (so dropout differs between them), `optimizerStep` counts updates;
 * betaNCorrection = 1 − βₙ^optimizerStep; `lossScale` multiplies gradients when accumulating.
 */
export const STEP_BLOCK_BYTES = 64;

/** Name of the block for what one task of several trains: `optimizerStep` and its corrections count that task's steps. */
export const TASK_STEP = 'taskStep';
