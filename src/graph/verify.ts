/**
 * States which programs are legal, and checks it: values are made once and before they are read,
 * kinds match who makes them, shapes follow from the operators. Tests run it between stages.
 */
import type { HostPart } from './host.ts';
import type { AnyNode, OpName, Program, ProgramNode } from './program.ts';
import { sizeOf } from './reference/tensor.ts';
import { SHAPE_RULES } from './verify/shapes.ts';

/** Inputs that are indices, by operator. */
const INTEGER_INPUTS: Partial<Record<OpName, readonly number[]>> = {
  Gather: [1],
  GatherGrad: [1],
  CrossEntropy: [1],
  CrossEntropyGrad: [1],
  LinearCrossEntropy: [2],
  Write: [2],
  LinearCrossEntropyGrad: [2],
  Scatter: [1],
  SparseMatMul: [2, 3],
  SparseMatMulGrad: [2],
  Fastfood: [3, 4],
  FastfoodGrad: [2, 4],
};

/**
 * @param host the host part, where it should cover the program's host values
 * @throws Error beginning with `internal:` that names the first thing found wrong
 */
export function verifyProgram(program: Program, host?: HostPart): void {
  const ready = new Set<string>();
  for (const value of program.values.values()) {
    if (value.kind !== 'node') ready.add(value.id);
    if ((value.kind === 'constant') !== (value.data !== undefined))
      fail(`value ${value.id} is a ${value.kind} ${value.data ? 'with' : 'without'} data`);
    if (value.data && value.data.length !== sizeOf(value.shape))
      fail(`constant ${value.id} has ${value.data.length} elements for [${value.shape.join(', ')}]`);
    if (value.shape.some((n) => !Number.isInteger(n) || n < 1))
      fail(`value ${value.id} has shape [${value.shape.join(', ')}]`);
  }
  for (const node of program.nodes) verifyNode(program, node, ready);
  for (const id of program.outputs) if (!ready.has(id)) fail(`output ${id} is never computed`);
  if (host) verifyHost(program, host);
}

function verifyNode(program: Program, node: AnyNode, ready: Set<string>): void {
  const name = `${node.op} ${node.outputs[0]}`;
  node.inputs.forEach((id, i) => {
    if (id === '') return;
    if (!ready.has(id)) fail(`${name} reads ${id} before it is computed`);
    const type = INTEGER_INPUTS[node.op]?.includes(i) ? 'i32' : 'f32';
    if (program.values.get(id)!.type !== type) fail(`${name} needs input ${i} (${id}) as ${type}`);
  });
  const shapeOf = (id: string): readonly number[] | undefined =>
    id === '' ? undefined : program.values.get(id)?.shape;
  let expected: (readonly number[] | undefined)[] = [];
  try {
    const rule = SHAPE_RULES[node.op] as (
      inputs: readonly (readonly number[] | undefined)[],
      attributes: ProgramNode['attributes'],
      out: readonly (readonly number[] | undefined)[],
    ) => (readonly number[] | undefined)[];
    expected = rule(node.inputs.map(shapeOf), node.attributes, node.outputs.map(shapeOf));
  } catch (cause) {
    fail(`${name}: ${(cause as Error).message}`);
  }
  node.outputs.forEach((id, i) => {
    if (id === '') return;
    const value = program.values.get(id);
    if (!value) return fail(`${name} computes ${id}, which is no value`);
    if (value.kind !== 'node') fail(`${name} computes ${id}, which is a ${value.kind}`);
    if (ready.has(id)) fail(`${id} is computed twice`);
    const want = expected[i];
    if (want && want.join() !== value.shape.join())
      fail(`${name}: ${id} has shape [${value.shape.join(', ')}] and should have [${want.join(', ')}]`);
    ready.add(id);
  });
}

function verifyHost(program: Program, host: HostPart): void {
  const outputs = new Map(host.outputs.map((output) => [output.id, output]));
  for (const { id, kind, shape, type } of program.values.values()) {
    if (kind !== 'host') continue;
    const output = outputs.get(id);
    if (!output) fail(`host value ${id} is not in the host part`);
    else if (output.type !== type || output.shape.join() !== shape.join())
      fail(`host value ${id} is ${output.type} [${output.shape.join(', ')}] in the host part`);
  }
  const known = new Set([...host.inputs.map((input) => input.name), ...host.constants.keys()]);
  for (const step of host.steps) {
    for (const name of step.inputs)
      if (name !== '' && !known.has(name)) fail(`host step ${step.op} reads ${name} before it is computed`);
    for (const name of step.outputs) known.add(name);
  }
  for (const output of host.outputs)
    if (!known.has(output.from)) fail(`host output ${output.from} is never computed`);
}

function fail(what: string): never {
  throw new Error(`internal: illegal program: ${what}`);
}
