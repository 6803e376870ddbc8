/** Training steps of a T5, generation with a cache against recomputation, and the loss in chunks against stored logits, in a process of its own. */
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { fuseLinearLoss } from '../../src/autodiff/linear-loss.ts';
import { attachLoss, LOSS } from '../../src/autodiff/loss.ts';
import { openNodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { openStudio, type GpuStudio } from '../../src/gpu/studio.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import type { Program } from '../../src/graph/program.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { foldScales, fuseEpilogues } from '../../src/plan/epilogues.ts';
import { STEP_BLOCK_BYTES, type AdapterProfile } from '../../src/plan/kernel-call.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import { planProgram } from '../../src/plan/planner.ts';
import { constantsOf } from '../../src/train/compile.ts';
import { createGenerator } from '../../src/train/generate/generator.ts';
import type { GenerationRow, LossMemoryRow, T5StepRow } from '../results.ts';
import { median } from '../statistics.ts';
import { t5Model, type T5Config, type T5Model } from '../t5-model.ts';
import { timeT5Steps, type T5StepCase } from '../t5-steps.ts';
import { serve } from './protocol.ts';

interface GenerationCase extends T5Config {
  batchSize: number;
  length: number;
  newTokens: number;
  rounds: number;
}

const NOTHING = layoutTrainables([], 2 ** 27, 256);

const calls = {
  async generation(bench: GenerationCase): Promise<GenerationRow> {
    const { gpu, adapter } = await openNodeGpu();
    const studio = await openStudio(gpu, nodeShaders, { adapter });
    const model = t5Model(bench);
    const { batchSize, length, newTokens, rounds } = bench;
    const weights = (name: string): Float32Array => floatsOf(model.graph.initializers.get(name)!);
    const generator = await createGenerator(
      studio,
      { ...model, modelKey: 't5', layout: NOTHING, weights },
      { batchSize, lengths: [length], maxNewTokens: newTokens, tokens: { end: -1 } },
    );
    const sources = Array.from({ length: batchSize }, (_, row) =>
      Array.from({ length }, (_unused, i) => 2 + ((row * 31 + i * 7) % (bench.vocabulary - 2))),
    );
    const whole = await forwardOf(studio, model, { batchSize, length, target: newTokens }, sources);
    const brief = await forwardOf(studio, model, { batchSize, length, target: 2 }, sources);
    const time = async (work: () => Promise<unknown>): Promise<number> => {
      const from = performance.now();
      await work();
      return performance.now() - from;
    };
    await generator.generate(sources);
    await whole();
    await brief();
    const times = { cached: [] as number[], whole: [] as number[], brief: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.cached.push(await time(() => generator.generate(sources)));
      times.whole.push(await time(whole));
      times.brief.push(await time(brief));
    }
    // Recomputation runs the encoder once too, so of each pass the decoder alone counts: what is left after a
    // pass with next to no target.
    const decoder = median(times.whole) - median(times.brief);
    const recomputed = median(times.brief) + newTokens * decoder;
    const tokens = batchSize * newTokens;
    const memory = generator.memory();
    generator.destroy();
    studio.destroy();
    return {
      ...bench,
      cached: (1000 * tokens) / median(times.cached),
      recomputed: (1000 * tokens) / recomputed,
      ratio: recomputed / median(times.cached),
      memory: memory.allocated,
      forecastIsExact: memory.allocated.total === memory.predicted.total,
    };
  },

  async steps(bench: T5StepCase): Promise<T5StepRow> {
    const { gpu, adapter } = await openNodeGpu();
    const studio = await openStudio(gpu, nodeShaders, { adapter });
    try {
      return await timeT5Steps(studio, bench);
    } finally {
      studio.destroy();
    }
  },

  async loss(
    sizes: readonly { hidden: number; rows: number; vocabulary: number }[],
  ): Promise<LossMemoryRow[]> {
    const { gpu, adapter } = await openNodeGpu();
    const studio = await openStudio(gpu, nodeShaders, { adapter });
    const rows = sizes.map((size) => ({
      ...size,
      chunks: workingBytes(size, true, studio.profile),
      stored: workingBytes(size, false, studio.profile),
    }));
    studio.destroy();
    return rows;
  },
};

export type T5Calls = typeof calls;

/** One pass over the whole target, its logits not read back. */
async function forwardOf(
  studio: GpuStudio,
  model: T5Model,
  { batchSize, length, target }: { batchSize: number; length: number; target: number },
  sources: readonly number[][],
): Promise<() => Promise<unknown>> {
  const source = [batchSize, length];
  const inputShapes = { input_ids: source, attention_mask: source, decoder_input_ids: [batchSize, target] };
  const { program, host } = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
  // One number instead of the logits, so that what is waited for is the pass.
  const values = new Map(program.values).set('end', {
    id: 'end',
    shape: [1, 1, 1],
    type: 'f32',
    kind: 'node',
  });
  const axes = [0, 1, 2];
  const end: Program['nodes'][number] = {
    op: 'Reduce',
    inputs: ['logits'],
    outputs: ['end'],
    attributes: { kind: 'sum', axes },
    sources: ['end'],
    phase: 'forward',
  };
  const plan = planProgram({
    program: fuseEpilogues(
      foldScales({ values, nodes: [...program.nodes, end], outputs: ['end'] }),
      new Set(['end']),
    ),
    adapter: studio.profile,
    shapeKey: `forward.${target}`,
    modelKey: 't5',
    layout: NOTHING,
    gradients: new Map(),
    readbacks: new Map([['end', 'end']]),
  });
  const executor = await studio.createRun([plan]);
  const constants = constantsOf(program);
  executor.memory.fill(plan, (name) => constants.get(name) ?? floatsOf(model.graph.initializers.get(name)!));
  const prepared = await executor.prepare(plan);
  const uploads = {
    ...Object.fromEntries(
      evaluateHost(host, {
        input_ids: Int32Array.from(sources.flat()),
        attention_mask: new Int32Array(batchSize * length).fill(1),
        decoder_input_ids: new Int32Array(batchSize * target).fill(2),
      }),
    ),
    step: new Uint32Array(STEP_BLOCK_BYTES / 4),
  };
  return () => executor.execute(prepared, { uploads, phases: ['compute'], read: ['end'] });
}

/** Activations and workspace of a training step that ends in a linear layer over the vocabulary. */
function workingBytes(
  { hidden, rows, vocabulary }: { hidden: number; rows: number; vocabulary: number },
  chunks: boolean,
  adapter: AdapterProfile,
): number {
  const program: Program = { values: new Map(), nodes: [], outputs: ['logits'] };
  const value = (id: string, shape: number[], kind: 'parameter' | 'host' | 'node'): void => {
    program.values.set(id, { id, shape, type: 'f32', kind });
  };
  value('x', [rows, hidden], 'host');
  value('w', [hidden, hidden], 'parameter');
  value('head', [vocabulary, hidden], 'parameter');
  value('h', [rows, hidden], 'node');
  value('logits', [rows, vocabulary], 'node');
  const product = (inputs: string[], output: string, transB: boolean): void => {
    const attributes = { transA: false, transB, flattenK: false, alpha: 1 };
    program.nodes.push({
      op: 'MatMul',
      inputs,
      outputs: [output],
      attributes,
      sources: [],
      phase: 'forward',
    });
  };
  product(['x', 'w'], 'h', false);
  product(['h', 'head'], 'logits', true);
  const plain = attachLoss(program, 'logits', 'crossEntropy');
  const { program: differentiated, gradients } = differentiate(chunks ? fuseLinearLoss(plain) : plain, LOSS, [
    'w',
  ]);
  const plan = planProgram({
    program: differentiated,
    adapter,
    shapeKey: 'loss',
    modelKey: 'loss',
    layout: layoutTrainables([{ name: 'w', shape: [hidden, hidden] }], 2 ** 27, 256),
    gradients,
    readbacks: new Map([['loss', LOSS]]),
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
  });
  return plan.memory.activations + plan.memory.workspace;
}

serve(calls);
