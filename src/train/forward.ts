/** One forward pass of a model as it stands, on the device: what an export is held to. */
import { compileForward } from '../graph/compile.ts';
import { expandNarrowAttention } from '../graph/expand-attention.ts';
import { evaluateHost } from '../graph/host.ts';
import type { Parameter, SourceGraph } from '../graph/source.ts';
import { floatsOf } from '../graph/tensor.ts';
import { foldScales, fuseEpilogues } from '../plan/epilogues.ts';
import { layoutTrainables } from '../plan/layout.ts';
import { planProgram } from '../plan/planner.ts';
import type { Studio } from '../plan/studio.ts';
import { constantsOf } from './compile.ts';

export interface ForwardModel {
  graph: SourceGraph;
  parameters: ReadonlyMap<string, Parameter>;
  /** Names its weights on the device: one that no other model has. */
  modelKey: string;
}

/** An integer input, `[batch, length]`. */
export interface ForwardInput {
  dims: readonly number[];
  data: Int32Array;
}

/**
 * @param inputs by name, one for every input of the graph
 * @returns every output by name, row-major
 * @throws StudioError('unsupported') for an op without a kernel, ('device') over the adapter's limits
 */
export async function runForward(
  studio: Studio,
  { graph, parameters, modelKey }: ForwardModel,
  inputs: Readonly<Record<string, ForwardInput>>,
): Promise<Record<string, Float32Array>> {
  const inputShapes = Object.fromEntries(graph.inputs.map(({ name }) => [name, inputs[name].dims]));
  const { program, host } = compileForward(graph, parameters, { inputShapes, mode: 'eval' });
  const { maxStorageBufferBindingSize, minStorageBufferOffsetAlignment } = studio.profile.limits;
  const plan = planProgram({
    program: fuseEpilogues(foldScales(expandNarrowAttention(program)), new Set(program.outputs)),
    adapter: studio.profile,
    shapeKey: `forward.${Object.values(inputShapes).join('.')}`,
    modelKey,
    layout: layoutTrainables([], maxStorageBufferBindingSize, minStorageBufferOffsetAlignment),
    gradients: new Map(),
    readbacks: new Map(graph.outputs.map(({ name }, i) => [name, program.outputs[i]])),
  });
  const executor = await studio.createRun([plan]);
  try {
    const constants = constantsOf(program);
    executor.memory.fill(plan, (name) => constants.get(name) ?? floatsOf(graph.initializers.get(name)!));
    const given = Object.fromEntries(graph.inputs.map(({ name }) => [name, inputs[name].data]));
    return await executor.execute(await executor.prepare(plan), {
      uploads: Object.fromEntries(evaluateHost(host, given)),
      phases: ['compute'],
      read: graph.outputs.map(({ name }) => name),
    });
  } finally {
    executor.destroy();
  }
}
