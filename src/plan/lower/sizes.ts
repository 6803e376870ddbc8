/**
 * Which constants of the kernels for GPUs are sizes: numbers that follow the rows and lengths of a batch. They are read
 * from a small uniform rather than made part of the pipeline, so that one pipeline serves all lengths. What is 0 or 1
 * stays a constant, since it says what a kernel leaves out (a batch of one, a broadcast axis, an operand read along its
 * neighbours). Kernels for software GPUs read theirs off what is bound.
 */
import type { AdapterProfile, KernelCall } from '../kernel-call.ts';

const STRIDES = ['A_BATCH', 'A_ROW', 'A_K', 'B_BATCH', 'B_K', 'B_COLUMN'];
const five = (...letters: string[]): string[] =>
  letters.flatMap((letter) => [0, 1, 2, 3, 4].map((axis) => `${letter}${axis}`));

/** By the beginning of a shader's path; the first that fits holds. */
const SIZES: readonly (readonly [shader: string, names: readonly string[]])[] = [
  ['matmul/', ['M', 'K', 'SPLITS', 'K_PER_SPLIT', ...STRIDES]],
  ['embedding/gather-grad', ['rows', 'positions', 'firstRow', 'columnGroups']],
  ['embedding/gather', ['vocabulary']],
  ['elementwise/', ['count', ...five('dim', 'a', 'b', 'c')]],
  ['layout/copy', ['count', ...five('dim', 'f', 't'), 'fromOffset', 'toOffset']],
  ['layout/pad', ['count', 'outer', 'inner', 'before']],
  ['norm/', ['rows']],
  ['softmax/', ['rows', 'columns']],
  ['reduce/rows', ['rows', 'length', 'parts', 'stretch']],
  ['reduce/columns', ['columns']],
  ['random/', ['count']],
];

/** The call with its sizes apart from its constants, where the adapter's kernels read them so. */
export function withSizes(
  call: KernelCall,
  { kind, software }: Pick<AdapterProfile, 'kind' | 'software'>,
): KernelCall {
  if (kind !== 'webgpu' || software) return call;
  const names = SIZES.find(([shader]) => call.shader.startsWith(shader))?.[1];
  const sizes: [string, number][] = [];
  const constants: Record<string, number> = {};
  for (const [name, value] of Object.entries(call.constants))
    if (names?.includes(name) === true && value > 1) sizes.push([name, value]);
    else constants[name] = value;
  return sizes.length === 0 ? call : { ...call, constants, sizes: Object.fromEntries(sizes) };
}
