/** Compiles a model and runs it both ways in float64: the source graph, and the program it became. */
import { compileForward } from '../../src/graph/compile.ts';
import type { Specialised } from '../../src/graph/compile.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { interpretProgram, interpretSource } from '../../src/graph/interpret.ts';
import { initializerTensor } from '../../src/graph/onnx-ops/index.ts';
import type { Program } from '../../src/graph/program.ts';
import { refTensor, type RefTensor } from '../../src/graph/reference/tensor.ts';
import type { Parameter, SourceGraph } from '../../src/graph/source.ts';
import { verifyProgram } from '../../src/graph/verify.ts';

export interface Model {
  graph: SourceGraph;
  parameters: ReadonlyMap<string, Parameter>;
}

/** Compiles for texts of [batch, length] and checks that the program is legal. */
export function compileFor(model: Model, [batch, length]: readonly [number, number]): Specialised {
  const inputShapes = Object.fromEntries(model.graph.inputs.map((input) => [input.name, [batch, length]]));
  const compiled = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
  verifyProgram(compiled.program, compiled.host);
  return compiled;
}

/** Texts of different lengths, padded: the first row is full, the others ever shorter. */
export function texts(
  model: Model,
  [batch, length]: readonly [number, number],
  { vocabulary, padding }: { vocabulary: number; padding: number },
): Record<string, Int32Array> {
  const fill = (f: (row: number, at: number, real: boolean) => number): Int32Array =>
    Int32Array.from({ length: batch * length }, (_, i) => {
      const [row, at] = [Math.floor(i / length), i % length];
      return f(row, at, at < Math.max(1, length - 2 * row));
    });
  const inputs: Record<string, Int32Array> = {
    input_ids: fill((row, at, real) => (real ? 2 + ((row * 31 + at * 7) % (vocabulary - 2)) : padding)),
    attention_mask: fill((_row, _at, real) => (real ? 1 : 0)),
    token_type_ids: fill((_row, at, real) => (real && at > length / 2 ? 1 : 0)),
  };
  return Object.fromEntries(model.graph.inputs.map(({ name }) => [name, inputs[name]]));
}

/** The source graph on those inputs. */
export function runSource(
  model: Model,
  inputs: Readonly<Record<string, Int32Array>>,
  shape: readonly number[],
): Map<string, RefTensor> {
  const feeds = Object.entries(inputs).map(([name, ids]) => [name, refTensor(shape, ids, 'int64')] as const);
  return interpretSource(model.graph, Object.fromEntries(feeds));
}

/** The compiled program on those inputs. */
export function runProgram(
  model: Model,
  { program, host }: Specialised,
  inputs: Readonly<Record<string, Int32Array>>,
): Map<string, RefTensor> {
  const given = new Map<string, RefTensor>();
  for (const { id, kind } of program.values.values())
    if (kind === 'parameter') given.set(id, initializerTensor(model.graph.initializers.get(id)!));
  for (const [id, data] of evaluateHost(host, inputs))
    given.set(id, refTensor(program.values.get(id)!.shape, data));
  return interpretProgram(program, given);
}

/** Largest difference of any element, relative to the largest magnitude (at least 1). */
export function difference(a: RefTensor, b: RefTensor): number {
  if (a.shape.join() !== b.shape.join())
    throw new Error(`shapes [${a.shape.join()}] and [${b.shape.join()}]`);
  let [worst, scale] = [0, 1];
  for (let i = 0; i < a.data.length; i++) {
    worst = Math.max(worst, Math.abs(a.data[i] - b.data[i]));
    scale = Math.max(scale, Math.abs(a.data[i]));
    if (Number.isNaN(a.data[i] - b.data[i])) return NaN;
  }
  return worst / scale;
}

/** How many nodes of each operator, unary functions by their kind. */
export function countOps(program: Program): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const node of program.nodes) {
    const name = node.op === 'Unary' ? node.attributes.kind : node.op;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
