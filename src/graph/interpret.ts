/**
 * Two interpreters in float64, the oracles of the compiler: one runs a source graph operator by
 * operator as ONNX defines them, the other a compiled program as src/graph/program.ts defines it.
 * Neither is fast; both are meant to be obviously right.
 */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import { hasOnnxOp, initializerTensor, isKnownDomain, runOnnxOp } from './onnx-ops/index.ts';
import type { AnyNode, Program } from './program.ts';
import { referenceOps } from './reference/index.ts';
import type { ReferenceOp, ReferenceRandom } from './reference/op.ts';
import type { RefTensor } from './reference/tensor.ts';
import { refTensor, sizeOf } from './reference/tensor.ts';
import type { SourceGraph } from './source.ts';

/**
 * Runs a whole source graph (in evaluation mode: dropout does nothing).
 * @param feeds tensors by graph input name
 * @returns every value by name, the graph's outputs among them
 * @throws StudioError('unsupported') for an operator the interpreter lacks
 */
export function interpretSource(
  graph: SourceGraph,
  feeds: Readonly<Record<string, RefTensor>>,
): Map<string, RefTensor> {
  const values = new Map<string, RefTensor>(Object.entries(feeds));
  const read = (name: string): RefTensor | undefined => {
    if (name === '') return undefined;
    const known = values.get(name);
    if (known) return known;
    const initializer = graph.initializers.get(name);
    if (!initializer) throw new Error(`internal: ${graph.name} reads ${name} before it is computed`);
    const tensor = initializerTensor(initializer);
    values.set(name, tensor);
    return tensor;
  };
  for (const node of graph.nodes) {
    if (!isKnownDomain(node) || !hasOnnxOp(node.op))
      throw new StudioError(
        'unsupported',
        say`${graph.name}: node ${node.name} uses ${node.op}, which is unknown.`,
        {
          where: node.name,
        },
      );
    const call = {
      op: node.op,
      attributes: node.attributes,
      opset: graph.opset,
      outputs: node.outputs.length,
    };
    try {
      const results = runOnnxOp(node.inputs.map(read), call);
      node.outputs.forEach((name, i) => name !== '' && values.set(name, results[i]));
    } catch (cause) {
      throw new Error(`${node.op} ${node.name}: ${(cause as Error).message}`, { cause });
    }
  }
  for (const output of graph.outputs) read(output.name);
  return values;
}

/**
 * Runs a program.
 * @param given tensors of its parameters and host values by id; constants come from the program
 * @param random seed and step of dropout, needed only where the program has some
 * @returns every value by id, those given included
 */
export function interpretProgram(
  program: Program,
  given: ReadonlyMap<string, RefTensor>,
  random?: ReferenceRandom,
): Map<string, RefTensor> {
  const values = new Map(given);
  for (const value of program.values.values())
    if (value.data)
      values.set(value.id, refTensor(value.shape, value.data, value.type === 'i32' ? 'int32' : 'float32'));
  for (const node of program.nodes) {
    const inputs = node.inputs.map((id) => {
      if (id === '') return undefined;
      const tensor = values.get(id);
      if (!tensor) throw new Error(`internal: ${node.op} reads ${id}, which has no value`);
      return tensor;
    });
    const shapes = node.outputs.map((id) => program.values.get(id)?.shape ?? []);
    const results = runNode(node, inputs, shapes, random);
    node.outputs.forEach((id, i) => {
      if (id === '') return;
      if (results[i].data.length !== sizeOf(shapes[i]))
        throw new Error(`internal: ${node.op} gave ${results[i].data.length} elements for ${id}`);
      values.set(id, { ...results[i], shape: shapes[i] });
    });
  }
  return values;
}

function runNode(
  node: AnyNode,
  inputs: readonly (RefTensor | undefined)[],
  shapes: readonly (readonly number[])[],
  random: ReferenceRandom | undefined,
): RefTensor[] {
  // The table has for every name an op of that name's attributes; the union loses the pairing.
  const op = referenceOps[node.op] as ReferenceOp<typeof node.op>;
  return op(inputs, node.attributes, shapes, random);
}
