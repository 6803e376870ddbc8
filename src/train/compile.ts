/**
 * Compiles a run: model + method + shapes → plans. Pure; needs no device, so `delta plan` and the
 * forecast in the page come from the same plans that train.
 */
import { attachLoss, LOSS } from '../autodiff/loss.ts';
import { fuseLinearLoss, ROW_LOSSES } from '../autodiff/linear-loss.ts';
import type { LossKind } from '../autodiff/loss.ts';
import { differentiate, type Differentiated } from '../autodiff/differentiate.ts';
import { attachPenalties, PENALTY } from '../autodiff/penalty.ts';
import { lengthsKey, shapeKey } from '../data/batch.ts';
import type { BatchLengths } from '../data/batch.ts';
import type { Delta, DeltaModel, TensorRate } from '../deltas/delta.ts';
import { bake } from '../deltas/bake.ts';
import { attachAll } from '../deltas/compose.ts';
import type { Composition } from '../deltas/compose.ts';
import type { MethodOptions } from '../deltas/registry.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { analyse } from '../graph/analyse.ts';
import { insertDropout } from '../graph/dropout.ts';
import { compileForward } from '../graph/compile.ts';
import { expandNarrowAttention } from '../graph/expand-attention.ts';
import type { HostPart } from '../graph/host.ts';
import type { Program } from '../graph/program.ts';
import { elementCount } from '../graph/tensor.ts';
import { compileAfter, freeScalars, scheduledUploads, withPenalties } from './compile-rules.ts';
import { fuseBiasGradients } from '../plan/bias-gradients.ts';
import { foldScales, fuseEpilogues } from '../plan/epilogues.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import { layoutTrainables } from '../plan/layout.ts';
import type { TrainableLayout } from '../plan/layout.ts';
import { memoryOf, mergeBuffers } from '../plan/memory.ts';
import { planProgram } from '../plan/planner.ts';
import type { MemoryBytes, Plan } from '../plan/plan.ts';
import { recompute } from '../plan/recompute.ts';
import type { RecomputeMode } from '../plan/recompute-modes.ts';
import { lossScaleFor, precisionOfUse } from '../plan/precision.ts';
import type { Precision } from '../plan/precisions.ts';
import type { OptimizerSettings } from '../plan/optimizer-settings.ts';
import { fitMemory, type Fitted } from './fit-memory.ts';

export interface CompileRequest {
  model: DeltaModel;
  /** Names the base model: its frozen weights are shared under this key. */
  modelKey: string;
  /** One method, or several to train at once. */
  method: MethodOptions | readonly MethodOptions[];
  loss: LossKind;
  /** Seeds the delta's initial values. */
  seed: number;
  /** Steps that the run trains, for methods that do something at a step. */
  steps?: number;
  /** `training.dropout`; 0 for none. */
  dropout: number;
  optimizer: OptimizerSettings;
  /** How many times the step's learning rate the head's weights take; 1 where it is left out. */
  headRate?: number;
  /** What the backward pass makes anew of the forward pass; by default what costs nothing that could be measured. */
  recompute?: RecomputeMode;
  /** Bytes that the run may take in all: what is made anew is chosen by it, where `recompute` does not say. */
  fitMemory?: number;
  /** How values are stored; of `f16` evaluations take `f16-base`. */
  precision?: Precision;
  training: BatchShapes;
  /** Absent when nothing is evaluated. */
  evaluation?: BatchShapes;
  /** For use rather than training: encoders of virtual tokens give way to the rows that files hold. */
  baked?: boolean;
  /** What an evaluation reads back; by default logits, or for text to text the loss of every target token. */
  evaluates?: 'logits' | 'tokenLosses';
  adapter: AdapterProfile;
}

export interface BatchShapes {
  batchSize: number;
  /** Lengths of the buckets, each with a plan of its own. */
  lengths: readonly BatchLengths[];
}

/** One shape of a run: its plan and the part of the graph the CPU evaluates per batch. */
export interface ShapePlan {
  plan: Plan;
  host: HostPart;
  /** Data of the program's folded constants. */
  constants: ReadonlyMap<string, Float32Array | Int32Array>;
}

export interface CompiledRun {
  /** Names the base model, as the request does. */
  modelKey: string;
  /** Where trained tensors lie. */
  layout: TrainableLayout;
  delta: Composition;
  /** What the delta was attached to: the model of the request, with dropout where it is asked for. */
  model: DeltaModel;
  /** Both of every task, where there are several: they differ in their heads. */
  branches: readonly { model: DeltaModel; delta: Composition }[];
  /** Trained tensors in order, with their shapes as stored. */
  trainables: { name: string; shape: readonly number[] }[];
  trainableParameters: number;
  totalParameters: number;
  /** By `shapeKey`. */
  training: Map<string, ShapePlan>;
  evaluation: Map<string, ShapePlan>;
  memory: MemoryBytes;
  optimizer: OptimizerSettings;
  precision: Precision;
  /** What `fitMemory` chose. */
  fitted?: Fitted;
  /** What the loss is multiplied by on the device, so that its gradients are large enough for halves. */
  lossScale: number;
  dispatches: { compute: number; update: number };
  /** What plans take with each batch for the delta's rules: value at a step, given a micro-batch's share of it. */
  scheduled: ReadonlyMap<string, (step: number, share: number) => number>;
}

/**
 * @throws StudioError('spec') for options the model cannot take, ('unsupported') for an op without kernel or
 *   gradient, ('device') when a tensor exceeds the adapter's limits
 */
export function compileRun(request: CompileRequest): CompiledRun {
  return compileTasks([request]);
}

/**
 * A run of several tasks: each has a head and plans of its own, and all train one delta.
 * @param requests of each task, on models that differ in their heads alone; with one of them they are plain plans
 * @throws StudioError as `compileRun`
 */
export function compileTasks(requests: readonly CompileRequest[]): CompiledRun {
  return fitMemory(requests, compileAttached);
}

function compileAttached(requests: readonly CompileRequest[]): CompiledRun {
  return compileBranches(
    requests.map((request) => {
      const model = withDropout(request.model, request.dropout);
      const length = request.steps === undefined ? undefined : { steps: request.steps };
      const attached = attachAll(model, [request.method].flat(), request.seed, length);
      // For use rather than training there are no rules of training either.
      const delta = request.baked ? { ...bake(attached, new Map()).delta, training: undefined } : attached;
      return { request, model, delta, forwards: new Map() };
    }),
  );
}

/** As `compileRun`, of a delta that is attached already. @param model what it was attached to */
export function compileDelta(request: CompileRequest, model: DeltaModel, delta: Composition): CompiledRun {
  return compileBranches([{ request, model, delta, forwards: new Map() }]);
}

/** What is compiled for one task. */
interface Branch {
  request: CompileRequest;
  /** What the delta was attached to. */
  model: DeltaModel;
  delta: Composition;
  /** Forward passes by mode and shape. */
  forwards: Map<string, Forward>;
}

/** A forward pass of fixed shapes, and the part of it that the CPU evaluates per batch. */
interface Forward {
  program: Program;
  host: HostPart;
}

/** A branch with its task's number, where there are several, and the program that tells what it trains. */
interface TaskBranch extends Branch {
  task: number | undefined;
  first: TrainingProgram;
  order: string[];
  /** Of the first program, by what it trains. */
  backward: Differentiated;
}

function compileBranches(branches: readonly Branch[]): CompiledRun {
  const whole = branches.map((branch, i): TaskBranch => {
    const [lengths] = branch.request.training.lengths;
    if (lengths === undefined) throw new Error('internal: a run needs at least one training length');
    const first = trainingProgram(branch, lengths);
    return { ...branch, task: branches.length > 1 ? i : undefined, first, ...trained(branch, first) };
  });
  const [{ request, model, delta }] = whole;
  const layout = layoutOf(whole, request.adapter);
  const after = compileAfter(delta, new Map([...layout.slots].map(([name, { shape }]) => [name, shape])));
  const training = new Map<string, ShapePlan>();
  const evaluation = new Map<string, ShapePlan>();
  for (const branch of whole) {
    for (const [i, lengths] of branch.request.training.lengths.entries())
      training.set(
        shapeKey(lengths, branch.task),
        trainingPlan(
          branch,
          lengths,
          i === 0 ? branch.first : trainingProgram(branch, lengths),
          layout,
          after,
        ),
      );
    for (const lengths of branch.request.evaluation?.lengths ?? [])
      evaluation.set(shapeKey(lengths, branch.task), evaluationPlan(branch, lengths, layout));
  }
  const plans = [...training.values(), ...evaluation.values()].map((shape) => shape.plan);
  const trainables = [...layout.slots.values()].map(({ name, shape }) => ({ name, shape }));
  const first = [...training.values()][0].plan;
  return {
    modelKey: request.modelKey,
    layout,
    delta,
    model,
    branches: whole.map((branch) => ({ model: branch.model, delta: branch.delta })),
    trainables,
    trainableParameters: trainables.reduce((n, { shape }) => n + elementCount(shape), 0),
    totalParameters: totalParameters(whole),
    training,
    evaluation,
    memory: memoryOf(mergeBuffers(plans)),
    optimizer: request.optimizer,
    precision: request.precision ?? 'f32',
    lossScale: lossScaleOf(request),
    dispatches: { compute: first.compute.length, update: first.update.length },
    scheduled: scheduledUploads(delta.training),
  };
}

interface TrainingProgram {
  program: Program;
  host: HostPart;
  /** Names of the delta's penalties that are part of it. */
  terms: string[];
}

/** Forward pass and loss in a training shape. */
function trainingProgram(branch: Branch, lengths: BatchLengths): TrainingProgram {
  const { request, delta } = branch;
  const forward = forwardOf(branch, request.training.batchSize, lengths, 'train');
  const logits = logitsOf(forward.program);
  const penalties = (delta.training?.penalties ?? []).map(({ value }) => value);
  const program = attachPenalties(
    fuseLinearLoss(attachLoss(foldScales(forward.program), logits, request.loss)),
    penalties,
  );
  return { program, host: forward.host, terms: penalties.length > 0 ? [PENALTY] : [] };
}

/** The loss is a mean over the rows or target tokens of a step. */
function lossScaleOf({ precision, training, optimizer }: CompileRequest): number {
  if (precision !== 'f16') return 1;
  const longest = Math.max(...training.lengths.map(({ targetLength = 1 }) => targetLength));
  return lossScaleFor(training.batchSize * longest * optimizer.accumulation);
}

/** Names of what is trained: whatever may be, and the loss depends on. */
function trained(branch: Branch, first: TrainingProgram): Pick<TaskBranch, 'order' | 'backward'> {
  const { model, delta } = branch;
  const names = new Set([...delta.unfrozen, ...model.head, ...delta.tensors.map((tensor) => tensor.name)]);
  const all = [...first.program.values.keys()].filter((name) => names.has(name));
  const backward = backwardOf(branch, first, all);
  const order = all.filter((name) => backward.gradients.has(name));
  if (order.length === 0)
    throw new StudioError(
      'unsupported',
      say`${field('method.type')}: "${delta.type}" trains nothing that the model's output depends on; choose another method.`,
      { where: 'method.type' },
    );
  return { order, backward: order.length === all.length ? backward : backwardOf(branch, first, order) };
}

function backwardOf({ delta }: Branch, { program, terms }: TrainingProgram, order: string[]): Differentiated {
  return differentiate(program, LOSS, order, delta.detached ?? [], terms);
}

function trainingPlan(
  branch: TaskBranch,
  lengths: BatchLengths,
  training: TrainingProgram,
  layout: TrainableLayout,
  after: ReturnType<typeof compileAfter>,
): ShapePlan {
  const { request, model, task, order, first, backward } = branch;
  const { host, terms } = training;
  const { program: whole, gradients } = training === first ? backward : backwardOf(branch, training, order);
  const keep = new Set([...gradients.values(), LOSS, ...terms]);
  const plan = planProgram({
    program: recompute(fuseBiasGradients(fuseEpilogues(whole, keep)), request.recompute, keep),
    adapter: request.adapter,
    shapeKey: `train.${request.training.batchSize}x${shapeKey(lengths, task)}`,
    modelKey: request.modelKey,
    own: model.own,
    layout,
    task,
    gradients,
    readbacks: new Map([['loss', LOSS], ...terms.map((term) => ['penalty', term] as const)]),
    optimizer: request.optimizer,
    after: after?.after,
    precision: request.precision,
    lossScale: lossScaleOf(request),
  });
  return { plan, host, constants: new Map([...constantsOf(whole), ...(after?.constants ?? [])]) };
}

function evaluationPlan(branch: TaskBranch, lengths: BatchLengths, layout: TrainableLayout): ShapePlan {
  const { request, model, delta, task } = branch;
  const { batchSize } = request.evaluation!;
  const forward = forwardOf(branch, batchSize, lengths, 'eval');
  const read = evaluationOf(foldScales(forward.program), request, delta);
  const plan = planProgram({
    program: fuseEpilogues(read.program, new Set([read.value])),
    adapter: request.adapter,
    shapeKey: `eval.${batchSize}x${shapeKey(lengths, task)}`,
    modelKey: request.modelKey,
    own: model.own,
    layout,
    task,
    gradients: new Map(),
    readbacks: new Map([[read.name, read.value]]),
    precision: precisionOfUse(request.precision),
  });
  return { plan, host: forward.host, constants: constantsOf(forward.program) };
}

/** The program of an evaluation and what is read back from it. */
function evaluationOf(
  program: Program,
  { evaluates }: CompileRequest,
  { graph }: Delta,
): { program: Program; name: 'logits' | 'tokenLosses'; value: string } {
  const logits = logitsOf(program);
  const textToText = graph.inputs.some(({ name }) => name === 'decoder_input_ids');
  if ((evaluates ?? (textToText ? 'tokenLosses' : 'logits')) === 'logits')
    return { program, name: 'logits', value: logits };
  // However few the columns: a number a token is read back, not a row of them.
  const fused = fuseLinearLoss(attachLoss(program, logits, 'crossEntropy'), 0);
  if (!fused.values.has(ROW_LOSSES))
    throw new StudioError(
      'unsupported',
      say`${field('method')}: a method changes ${logits} behind the language-model head, so token losses cannot be told; leave the head out of its targets.`,
      { where: 'method' },
    );
  return { program: fused, name: 'tokenLosses', value: ROW_LOSSES };
}

/** Roles are found anew, so that adapters stand behind the dropout of a sub-layer's output as in AdapterHub. */
function withDropout(model: DeltaModel, rate: number): DeltaModel {
  if (rate === 0) return model;
  const graph = insertDropout(model.graph, model.roles, rate, model.config);
  return { ...model, graph, roles: analyse(graph, model.parameters, model.config) };
}

function forwardOf(
  { model, delta, forwards }: Branch,
  batchSize: number,
  lengths: BatchLengths,
  mode: 'train' | 'eval',
): Forward {
  const key = `${isSameInUse(delta) ? 'both' : mode}.${batchSize}x${lengthsKey(lengths)}`;
  const known = forwards.get(key);
  if (known !== undefined) return known;
  const inputShapes: Record<string, number[]> = {};
  for (const { name } of delta.graph.inputs) inputShapes[name] = [batchSize, lengthOfInput(name, lengths)];
  const graph = mode === 'train' ? withPenalties(delta) : delta.graph;
  const { program, host } = compileForward(graph, model.parameters, { inputShapes, mode });
  freeScalars(program, delta.training);
  const forward = { program: expandNarrowAttention(program), host };
  forwards.set(key, forward);
  return forward;
}

/** Does it compute in training what it computes in use? */
function isSameInUse({ graph, training }: Delta): boolean {
  return (
    (training?.penalties ?? []).length === 0 &&
    !graph.nodes.some(({ op }) => op === 'Dropout' || op === 'HardConcrete')
  );
}

/** Tokens a row of a graph input. */
function lengthOfInput(name: string, { length, targetLength }: BatchLengths): number {
  if (!name.startsWith('decoder_')) return length;
  if (targetLength === undefined) throw new Error(`internal: no target length was given for ${name}`);
  return targetLength;
}

/** Data of a program's folded constants, by id. */
export function constantsOf(program: Program): Map<string, Float32Array | Int32Array> {
  const constants = new Map<string, Float32Array | Int32Array>();
  for (const { id, data } of program.values.values()) if (data) constants.set(id, data);
  return constants;
}

function logitsOf(program: Program): string {
  return program.outputs[0];
}

/** Of several tasks the first lists what all of them train; their heads follow, each in groups of its own. */
function layoutOf(branches: readonly TaskBranch[], adapter: AdapterProfile): TrainableLayout {
  const tensors = new Map<string, Parameters<typeof layoutTrainables>[0][number]>();
  for (const { request, order, first, model, delta, task } of branches) {
    const head = new Set(model.head);
    const rateOf = (name: string, shape: readonly number[]): TensorRate | undefined => {
      const rate = delta.rateOf?.(name, shape);
      if (request.headRate === undefined || !head.has(name)) return rate;
      return { decay: rate?.decay ?? true, scale: request.headRate };
    };
    for (const name of order) {
      if (tensors.has(name)) continue;
      const { shape } = first.program.values.get(name)!;
      const owned = task !== undefined && head.has(name);
      tensors.set(name, { name, shape, rate: rateOf(name, shape), ...(owned && { task }) });
    }
  }
  const { maxStorageBufferBindingSize, maxBufferSize, minStorageBufferOffsetAlignment } = adapter.limits;
  const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  return layoutTrainables([...tensors.values()], limit, minStorageBufferOffsetAlignment, maxBufferSize);
}

/** Weights of the model and of the delta, shared ones once. */
function totalParameters(branches: readonly Branch[]): number {
  const counts = new Map<string, number>();
  for (const { model, delta } of branches) {
    for (const [name, { dims }] of model.parameters) counts.set(name, elementCount(dims));
    for (const { name, dims } of delta.tensors) counts.set(name, elementCount(dims));
  }
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
