/** From kernel calls to lifetimes: which arena value lives from which call to which. */
import type { AnyNode, Program } from '../graph/program.ts';
import { flopsOf } from './flops.ts';
import type { AdapterProfile, KernelCall, Operand } from './kernel-call.ts';
import { lowerNode } from './lower/index.ts';
import type { Interval } from './pack.ts';

/** A call with the node it came from. */
export interface PlannedCall {
  call: KernelCall;
  node: AnyNode;
  /** Unique scope of this node's scratch names. */
  scope: string;
  /** Its arithmetic: the calls of a node have that of the node between them. */
  flops: number;
}

/** Views: a Reshape's output is its input's memory, so it lowers to nothing; a Write's is its state's. */
export function aliasRoots(program: Program): (value: string) => string {
  const roots = new Map<string, string>();
  for (const node of program.nodes) {
    if (node.op !== 'Reshape' && node.op !== 'Write') continue;
    const input = node.inputs[node.op === 'Write' ? 1 : 0];
    roots.set(node.outputs[0], roots.get(input) ?? input);
  }
  return (value) => roots.get(value) ?? value;
}

/** All dispatches of the program in order. @throws StudioError('unsupported') for an op without a kernel */
export function lowerProgram(program: Program, adapter: AdapterProfile): PlannedCall[] {
  const calls: PlannedCall[] = [];
  program.nodes.forEach((node, i) => {
    if (node.op === 'Reshape') return;
    const lowered = lowerNode(node, program, adapter);
    const equal = flopsOf(node, program) / lowered.length;
    for (const call of lowered) calls.push({ call, node, scope: `${i}`, flops: call.flops ?? equal });
  });
  return calls;
}

export function bytesOf(program: Program, value: string): number {
  return 4 * program.values.get(value)!.shape.reduce((n, d) => n * d, 1);
}

export function scratchName(scope: string, operand: Extract<Operand, { scratch: string }>): string {
  return `${scope}:${operand.scratch}`;
}

/**
 * Lifetimes of values computed on the device (`values`) and of scratch memory (`scratch`), in calls.
 * @param fixed values that have a place of their own (gradients)
 * @param kept values read after the last call (loss, logits)
 * @param bytes what a value takes
 */
export function lifetimes(
  program: Program,
  calls: readonly PlannedCall[],
  root: (value: string) => string,
  fixed: ReadonlySet<string>,
  kept: readonly string[],
  bytes = (value: string): number => bytesOf(program, value),
): { values: Interval[]; scratch: Interval[] } {
  const values = new Map<string, Interval>();
  const scratch = new Map<string, Interval>();
  const touch = (table: Map<string, Interval>, name: string, size: number, at: number): void => {
    const known = table.get(name);
    if (known) {
      known.to = at;
      known.bytes = Math.max(known.bytes, size);
    } else table.set(name, { name, bytes: size, from: at, to: at });
  };
  calls.forEach(({ call, scope }, at) => {
    for (const operand of call.operands) {
      if ('scratch' in operand) touch(scratch, scratchName(scope, operand), operand.bytes, at);
      else if ('value' in operand) {
        const name = root(operand.value);
        if (program.values.get(name)!.kind !== 'node' || fixed.has(name)) continue;
        touch(values, name, bytes(name), at);
      }
    }
  });
  for (const value of kept) {
    const interval = values.get(root(value));
    if (interval) interval.to = calls.length;
  }
  return { values: [...values.values()], scratch: [...scratch.values()] };
}
