/**
 * Every importable encoder on the device against onnxruntime-web on the same file, within 1e-4: all outputs,
 * whatever the export computes, at a batch and length that are not the example's.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio } from '../../src/gpu/studio.ts';
import type { Studio } from '../../src/gpu/studio.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { externalFiles } from '../../src/onnx/read.ts';
import { foldScales, fuseEpilogues } from '../../src/plan/epilogues.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import { planProgram } from '../../src/plan/planner.ts';
import { ORACLES, oracleFamilies } from '../support/oracle.ts';
import { runOrt } from '../support/ort.ts';
import { allEncoders } from '../support/shared.ts';

const BATCH = 2;
const LENGTH = 7;

let studio: Studio;
beforeAll(async () => {
  const { gpu, adapter } = await openNodeGpu();
  studio = await openStudio(gpu, nodeShaders, { adapter });
});
afterAll(() => studio.destroy());

/** Ids of the second row are padded from the fifth token on. */
function inputs(pad: number): Record<string, Int32Array> {
  const at = (value: (row: number, token: number) => number): Int32Array =>
    Int32Array.from({ length: BATCH * LENGTH }, (_, i) => value(Math.floor(i / LENGTH), i % LENGTH));
  const real = (row: number, token: number): boolean => row === 0 || token < 5;
  return {
    input_ids: at((row, token) => (real(row, token) ? 5 + ((17 * token + 31 * row) % 90) : pad)),
    attention_mask: at((row, token) => (real(row, token) ? 1 : 0)),
    token_type_ids: at((row, token) => (real(row, token) && token > 3 ? 1 : 0)),
  };
}

async function check(folder: string): Promise<void> {
  const files = modelFiles(folder);
  const model = await loadModel(files, folder);
  const { graph, parameters } = model;
  const given = inputs(Number(model.config['pad_token_id'] ?? 0));
  const inputShapes = Object.fromEntries(graph.inputs.map(({ name }) => [name, [BATCH, LENGTH]]));
  const { program, host } = compileForward(graph, parameters, { inputShapes, mode: 'eval' });
  const plan = planProgram({
    program: fuseEpilogues(foldScales(program), new Set(program.outputs)),
    adapter: studio.profile,
    shapeKey: 'forward',
    modelKey: folder,
    layout: layoutTrainables([], studio.profile.limits.maxStorageBufferBindingSize, 256),
    gradients: new Map(),
    readbacks: new Map(graph.outputs.map(({ name }, i) => [name, program.outputs[i]])),
  });
  const executor = await studio.createRun([plan]);
  try {
    executor.memory.fill(
      plan,
      (name) => program.values.get(name)?.data ?? floatsOf(graph.initializers.get(name)!),
    );
    const prepared = await executor.prepare(plan);
    const uploads = Object.fromEntries(evaluateHost(host, given));
    const read = graph.outputs.map(({ name }) => name);
    const ours = await executor.execute(prepared, { uploads, phases: ['compute'], read });

    const bytes = (await files.read(model.file))!;
    const external: Record<string, Uint8Array> = {};
    for (const name of externalFiles(bytes)) external[name] = (await files.read(name))!;
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name }) => [name, { dims: [BATCH, LENGTH], data: [...given[name]] }]),
    );
    const theirs = await runOrt(bytes, feeds, external);
    for (const name of read) {
      expect(ours[name].length).toBe(theirs[name].data.length);
      let worst = 0;
      theirs[name].data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - ours[name][i]))));
      expect(worst, name).toBeLessThan(1e-4);
    }
  } finally {
    executor.destroy();
  }
}

describe('our forward pass equals onnxruntime-web', () => {
  it.each(oracleFamilies())('tests/oracle/%s', (family) => check(join(ORACLES, family)));
});

describe.skipIf(allEncoders.length === 0)('our forward pass equals onnxruntime-web, on real exports', () => {
  it.each(allEncoders.map(({ name, folder }) => [name, folder]))('%s', (_name, folder) => check(folder));
});
