/** A delta's training rules (deltas/rules.ts), compiled into the programs of a run. */
import { penaltyWeight } from '../autodiff/penalty.ts';
import type { Delta } from '../deltas/delta.ts';
import { gradientOf, valueAt, type TrainingRules } from '../deltas/rules.ts';
import { compileForward } from '../graph/compile.ts';
import type { AnyNode, Program } from '../graph/program.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from '../graph/source.ts';
import { intInitializer } from '../graph/tensor.ts';
import { afterName, type AfterProgram } from '../plan/after.ts';

/** The graph of a training program: with the penalties computed beside the model, as further outputs. */
export function withPenalties({ graph, training }: Delta): SourceGraph {
  const penalties = training?.penalties ?? [];
  if (penalties.length === 0) return graph;
  const own = penalties.flatMap(({ initializers }) => initializers);
  return {
    ...graph,
    nodes: [...graph.nodes, ...penalties.flatMap(({ nodes }) => nodes)],
    initializers: new Map([
      ...graph.initializers,
      ...own.map((tensor): [string, Initializer] => [tensor.name, tensor]),
    ]),
    outputs: [
      ...graph.outputs,
      ...penalties.map(({ value }) => ({ name: value, type: 'float32' as const, dims: [] })),
    ],
  };
}

/** Scheduled scalars come with each batch, whatever their initializers hold. */
export function freeScalars(program: Program, training: TrainingRules | undefined): void {
  for (const { name } of training?.scalars ?? []) {
    const value = program.values.get(name);
    if (value) program.values.set(name, { ...value, kind: 'host' });
  }
}

/**
 * What each step uploads for the rules, by the names of plans' uploads.
 * @returns value at a step, given which share of it the micro-batch is
 */
export function scheduledUploads(
  training: TrainingRules | undefined,
): Map<string, (step: number, share: number) => number> {
  const uploads = new Map<string, (step: number, share: number) => number>();
  training?.penalties?.forEach(({ weight }, i) =>
    // Micro-batches each add their part of one penalty.
    uploads.set(penaltyWeight(i), (step, share) => valueAt(weight, step) * share),
  );
  for (const { name, schedule } of training?.scalars ?? [])
    for (const upload of [name, afterName(name)]) uploads.set(upload, (step) => valueAt(schedule, step));
  return uploads;
}

const NORM = 'clipped:norm';
const raw = (tensor: string): string => `gradient:${tensor}`;

/**
 * @param shapes of the trained tensors, by name
 * @returns undefined where nothing follows updates and there is nothing to keep
 */
export function compileAfter(
  { graph, training }: Delta,
  shapes: ReadonlyMap<string, readonly number[]>,
): { after: AfterProgram; constants: Map<string, Float32Array | Int32Array> } | undefined {
  const states = (training?.states ?? []).map(({ name, dims }) => ({ name, shape: dims }));
  const updates = training?.after ?? [];
  if (updates.length === 0 && states.length === 0) return undefined;
  const initializers = new Map<string, Initializer>();
  const parameters = new Map<string, Parameter>();
  const memory = (name: string, dims: readonly number[]): void => {
    // What it holds is on the device; here only its shape counts.
    initializers.set(name, { name, type: 'float32', dims, bytes: new Uint8Array(0) });
    parameters.set(name, { name, dims, transposed: false, originalName: name });
  };
  const gradients = new Map<string, string>();
  for (const [name, shape] of shapes) {
    memory(name, shape);
    memory(raw(name), shape);
    gradients.set(raw(name), name);
  }
  for (const { name, shape } of states) memory(name, shape);
  memory(NORM, [4]);
  for (const { name } of training?.scalars ?? []) memory(name, graph.initializers.get(name)!.dims);
  for (const tensor of updates.flatMap((update) => update.initializers))
    initializers.set(tensor.name, tensor);
  const nodes = updates.flatMap((update) => update.nodes);
  const writes = updates.flatMap((update) => update.writes);
  const source: SourceGraph = {
    name: `after ${graph.name}`,
    opset: graph.opset,
    nodes: [...clipped(nodes, shapes, initializers), ...nodes],
    initializers,
    inputs: [],
    outputs: writes.map(({ value }) => ({ name: value, type: 'float32', dims: [] })),
  };
  const { program } = compileForward(source, parameters, { inputShapes: {}, mode: 'eval' });
  freeScalars(program, training);
  program.outputs = writes.map(({ value, to }) => write(program, value, to));
  const constants = new Map<string, Float32Array | Int32Array>();
  for (const { id, data } of program.values.values()) if (data) constants.set(afterName(id), data);
  return { after: { program, gradients, norm: NORM, states }, constants };
}

/** Appends the move of a value into a trained tensor or state. */
function write(program: Program, value: string, to: string): string {
  const target = program.values.get(to);
  const { shape } = program.values.get(value)!;
  if (!target) program.values.set(to, { id: to, shape, type: 'f32', kind: 'parameter' });
  const id = `${to}:written`;
  program.values.set(id, { id, shape, type: 'f32', kind: 'node' });
  const node = { op: 'Write', inputs: [value, to], outputs: [id], attributes: {}, sources: [to] };
  program.nodes.push({ ...node, phase: 'forward' } as AnyNode);
  return id;
}

/** Gradients as the optimizer takes them: times the scale that the norm asks for. */
function clipped(
  nodes: readonly SourceNode[],
  shapes: ReadonlyMap<string, readonly number[]>,
  initializers: Map<string, Initializer>,
): SourceNode[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const wanted = [...shapes.keys()].filter((name) => read.has(gradientOf(name)));
  if (wanted.length === 0) return [];
  const node = (op: string, inputs: string[], output: string): SourceNode => {
    return { name: `/after/${output}`, op, domain: '', inputs, outputs: [output], attributes: {} };
  };
  const bounds = [1, 2, 0].map((value, i) => {
    const name = `${NORM}:${['starts', 'ends', 'axes'][i]}`;
    initializers.set(name, intInitializer(name, [value]));
    return name;
  });
  return [
    node('Slice', [NORM, ...bounds], `${NORM}:scale`),
    ...wanted.map((name) => node('Mul', [raw(name), `${NORM}:scale`], gradientOf(name))),
  ];
}
