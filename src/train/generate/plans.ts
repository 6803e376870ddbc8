/** Compiles generation: a rewritten encoder-decoder → the plans of encoder, one token, and reordered beams. */
import { constantsOf } from '../compile.ts';
import { compileForward } from '../../graph/compile.ts';
import { expandNarrowAttention } from '../../graph/expand-attention.ts';
import type { HostPart } from '../../graph/host.ts';
import { distinctLength, NEXT, splitForGeneration } from '../../graph/incremental.ts';
import type { Incremental } from '../../graph/incremental.ts';
import type { Program } from '../../graph/program.ts';
import type { Parameter, SourceGraph } from '../../graph/source.ts';
import { verifyProgram } from '../../graph/verify.ts';
import { foldScales, fuseEpilogues } from '../../plan/epilogues.ts';
import type { AdapterProfile } from '../../plan/kernel-call.ts';
import type { TrainableLayout } from '../../plan/layout.ts';
import { planProgram } from '../../plan/planner.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Precision } from '../../plan/precisions.ts';

/** The graph input that holds the target's tokens. */
const TARGET = 'decoder_input_ids';

export interface GenerationRequest {
  /** With the delta in it. */
  graph: SourceGraph;
  parameters: ReadonlyMap<string, Parameter>;
  config: Readonly<Record<string, unknown>>;
  modelKey: string;
  own?: ReadonlySet<string>;
  /** How the weights are stored. */
  precision?: Precision;
  layout: TrainableLayout;
  /** Texts at once times beams. */
  rows: number;
  /** Tokens of a source text, padded. */
  length: number;
  maxNewTokens: number;
  /** Candidates a row. */
  k: number;
  adapter: AdapterProfile;
}

export interface GenerationPlans {
  encoder: Plan;
  step: Plan;
  /** Absent where rows never change places. */
  reorder?: Plan;
  host: HostPart;
  /** Tokens of the compiled target: what `host` takes. */
  targetLength: number;
  ids: string;
  biases: Incremental['biases'];
  /** Shapes of whole biases. */
  biasShapes: ReadonlyMap<string, readonly number[]>;
  constants: ReadonlyMap<string, Float32Array | Int32Array>;
}

/** @throws StudioError('unsupported') as `splitForGeneration` does, ('device') as `planProgram` does */
export function compileGeneration(request: GenerationRequest): GenerationPlans {
  const { graph, parameters, rows, length, maxNewTokens, k, adapter, layout } = request;
  const targetLength = distinctLength(maxNewTokens, rows, takenSizes(request));
  const inputShapes: Record<string, number[]> = {};
  for (const { name } of graph.inputs) inputShapes[name] = [rows, name === TARGET ? targetLength : length];
  const forward = compileForward(graph, parameters, { inputShapes, mode: 'eval' });
  const split = splitForGeneration(forward, { target: TARGET, rows, length: targetLength, k });
  const shapeKey = `generate.${rows}x${length}x${targetLength}`;
  const plan = (part: string, program: Program, readbacks: Iterable<[string, string]>): Plan => {
    verifyProgram(program);
    return planProgram({
      program: fuseEpilogues(foldScales(expandNarrowAttention(program)), new Set(program.outputs)),
      adapter,
      shapeKey: `${shapeKey}.${part}`,
      modelKey: request.modelKey,
      own: request.own,
      precision: request.precision,
      states: split.states,
      layout,
      gradients: new Map(),
      readbacks: new Map(readbacks),
    });
  };
  const values = forward.program.values;
  const computed = split.biases.filter(({ whole }) => values.get(whole)!.kind === 'node');
  return {
    encoder: plan(
      'encoder',
      split.encoder,
      computed.map(({ whole }) => [whole, whole]),
    ),
    step: plan('step', split.step, [[NEXT, NEXT]]),
    ...(k > 1 && { reorder: plan('reorder', split.reorder, []) }),
    host: forward.host,
    targetLength,
    ids: split.ids,
    biases: split.biases,
    biasShapes: new Map(split.biases.map(({ whole }) => [whole, values.get(whole)!.shape])),
    constants: constantsOf(forward.program),
  };
}

/** Sizes that axes of the model, the source and the delta may have. */
function takenSizes({ graph, config, rows, length }: GenerationRequest): Set<number> {
  const taken = new Set([rows, length, rows * length]);
  for (const value of Object.values(config)) if (typeof value === 'number') taken.add(value);
  for (const { dims } of graph.initializers.values())
    for (const size of dims) {
      taken.add(size);
      // Virtual tokens lengthen the source.
      taken.add(length + size);
      taken.add(rows * (length + size));
    }
  return taken;
}
