/** An instance on a device: a compiled run with its memory, prepared plans and uploads. */
import { idsOfOrder, sortOrder } from '../autodiff/rules-layout.ts';
import { LABELS, WEIGHTS } from '../autodiff/loss.ts';
import { shapeKey } from '../data/batch.ts';
import type { Batch } from '../data/batch.ts';
import type { Delta, DeltaModel } from '../deltas/delta.ts';
import { isDue, optimizerStart, type TensorEvent } from '../deltas/rules.ts';
import { evaluateHost } from '../graph/host.ts';
import { floatsOf } from '../graph/tensor.ts';
import { STEP_BLOCK_BYTES, TASK_STEP } from '../plan/kernel-call.ts';
import { correctionsAt } from '../plan/optimizer-settings.ts';
import type { Placement, Plan } from '../plan/plan.ts';
import type { Executor, HostData, Phase, PreparedPlan, RunMemory, Studio } from '../plan/studio.ts';
import type { CompiledRun, ShapePlan } from './compile.ts';
import type { Instance, StepResult, StepSettings, TrainableTensor } from './instance.ts';

export interface InstanceOptions {
  /** Seed of dropout. */
  seed: number;
  /** Never steps: no memory for gradients and moments, no kernels of training. */
  forwardOnly?: boolean;
}

interface Shape extends ShapePlan {
  prepared: PreparedPlan;
}

/**
 * Bytes of weights that are uploaded at a stretch. What was read of a file for them is collected only between tasks
 * in a browser: without a break all of it would be in memory a second time.
 */
const AT_A_TIME = 2 ** 24;

/** Bit 0 of the step block's flags: the first micro-batch of an optimizer step. */
const FIRST_MICRO_BATCH = 1;

export class DeviceInstance implements Instance {
  readonly trainables: readonly TrainableTensor[];
  readonly trainableParameters: number;
  readonly totalParameters: number;
  readonly dispatches: { compute: number; update: number };
  private readonly executor: Executor;
  private readonly compiled: CompiledRun;
  private readonly seed: number;
  private readonly training = new Map<string, Shape>();
  private readonly evaluation = new Map<string, Shape>();
  private readonly places: Map<string, Plan['trainables'][number]>;
  /** Frozen tensors that come with what the run starts from: where they lie, and what they hold once it is known. */
  private readonly given: Map<string, { place: Placement; values?: Float32Array }>;
  /** Memory of the delta's own that outlives steps, by name. */
  private readonly states: Map<string, Placement>;
  /** Micro-batches so far: the step of the random streams. */
  private microBatches = 0;
  /** The last optimizer step: what schedules say between steps. A run that never steps is past them all. */
  private optimizerStep: number;

  private constructor(executor: Executor, compiled: CompiledRun, options: InstanceOptions) {
    this.executor = executor;
    this.compiled = compiled;
    this.seed = options.seed;
    this.trainables = compiled.trainables;
    this.trainableParameters = compiled.trainableParameters;
    this.totalParameters = compiled.totalParameters;
    this.dispatches = compiled.dispatches;
    const [first] = compiled.training.values();
    this.places = new Map(first.plan.trainables.map((trainable) => [trainable.name, trainable]));
    this.states = new Map((first.plan.states ?? []).map((state) => [state.name, state]));
    this.given = givenPlaces(compiled);
    this.optimizerStep = options.forwardOnly ? Infinity : 0;
  }

  /**
   * Allocate, upload weights and prepare all plans.
   * @throws StudioError('device') when memory does not suffice or the device is lost
   */
  static async create(
    studio: Studio,
    compiled: CompiledRun,
    model: DeltaModel,
    options: InstanceOptions,
  ): Promise<DeviceInstance> {
    const training = options.forwardOnly ? new Map<string, ShapePlan>() : compiled.training;
    const shapes = [...training.values(), ...compiled.evaluation.values()];
    const executor = await studio.createRun(shapes.map(({ plan }) => plan));
    try {
      const instance = new DeviceInstance(executor, compiled, options);
      await instance.uploadWeights(shapes, model);
      const ready = (from: ReadonlyMap<string, ShapePlan>, into: Map<string, Shape>): Promise<unknown> =>
        Promise.all(
          [...from].map(async ([key, shape]) =>
            into.set(key, { ...shape, prepared: await executor.prepare(shape.plan) }),
          ),
        );
      // All at once: the device compiles on as many threads as it has.
      await Promise.all([
        ready(training, instance.training),
        ready(compiled.evaluation, instance.evaluation),
      ]);
      return instance;
    } catch (cause) {
      executor.destroy();
      throw cause;
    }
  }

  /** Frozen weights once a device, constants once a shape, trained tensors with their initial values. */
  private async uploadWeights(shapes: readonly ShapePlan[], model: DeltaModel): Promise<void> {
    const { branches } = this.compiled;
    const { memory } = this.executor;
    // Tasks differ in their heads alone, so whichever has a tensor of the name has the one.
    const initial = (name: string): Float32Array => {
      const { delta } = branches.find((one) => one.delta.graph.initializers.has(name)) ?? branches[0];
      return initialValues(delta.graph, model, name);
    };
    let since = 0;
    const breathe = async (bytes: number): Promise<void> => {
      since += bytes;
      if (since < AT_A_TIME) return;
      since = 0;
      await new Promise((resolve) => setTimeout(resolve));
    };
    for (const { plan, constants } of shapes)
      for (const weight of plan.weights) {
        let read = 0;
        memory.fill({ weights: [weight] }, (name) => {
          const data = constants.get(name) ?? initial(name);
          read = data.byteLength;
          return data;
        });
        await breathe(read);
      }
    for (const { name, tensor } of this.places.values()) {
      memory.write(tensor, initial(name));
      await breathe(tensor.bytes);
    }
  }

  async step(batches: readonly Batch[], settings: StepSettings): Promise<StepResult> {
    const missing = [...this.given].find(([, { values }]) => values === undefined);
    if (missing) throw new Error(`internal: "${missing[0]}" was not given before the first step`);
    const total = batches.reduce((sum, batch) => sum + totalWeight(batch), 0);
    const { lossScale } = this.compiled;
    const share = lossScale / batches.length;
    this.optimizerStep = settings.optimizerStep;
    const penalty = this.penalises ? ['penalty'] : [];
    const results = batches.map((batch, i) => {
      const shape = shapeFor(this.training, batch);
      const last = i === batches.length - 1;
      const phases: Phase[] = ['compute', 'accumulate'];
      if (last) phases.push('update');
      const flags = i === 0 ? FIRST_MICRO_BATCH : 0;
      const uploads = this.uploadsOf(shape, batch, total / lossScale, { ...settings, flags, share });
      this.microBatches++;
      const read = ['loss', ...penalty, ...(last ? ['gradNorm'] : [])];
      return this.executor.execute(shape.prepared, { uploads, phases, read });
    });
    const values = await Promise.all(results);
    const sumOf = (name: string): number => values.reduce((sum, read) => sum + read[name][0] / lossScale, 0);
    return {
      loss: sumOf('loss'),
      ...(this.penalises && { penalty: sumOf('penalty') }),
      gradNorm: values.at(-1)!['gradNorm'][0],
    };
  }

  private get penalises(): boolean {
    return (this.compiled.delta.training?.penalties?.length ?? 0) > 0;
  }

  /** The delta's events after a step's update. */
  private due(step: number): TensorEvent[] {
    return (this.compiled.delta.training?.events ?? []).filter((event) => isDue(event, step));
  }

  eventsAfter(step: number): { forgetsBest: boolean } | null {
    const due = this.due(step);
    return due.length === 0 ? null : { forgetsBest: due.some(({ forgetsBest }) => forgetsBest) };
  }

  async applyEvents(step: number): Promise<void> {
    const { memory } = this.executor;
    for (const { reads, apply, restartsOptimizer } of this.due(step)) {
      const places = reads.map((name) => this.states.get(name) ?? this.placeOf(name).tensor);
      const values = await this.executor.read(places);
      const changed = apply(step, new Map(reads.map((name, i) => [name, values[i]])));
      for (const [name, data] of changed)
        memory.write(this.states.get(name) ?? this.placeOf(name).tensor, data);
      if (restartsOptimizer !== true) continue;
      for (const { moments } of this.places.values())
        for (const moment of moments) memory.write(moment, new Float32Array(moment.bytes / 4));
    }
  }

  /** Weights are divided by those of the whole step, so accumulated batches equal one large one. */
  private uploadsOf(
    { plan, host }: ShapePlan,
    batch: Batch,
    total: number,
    settings?: StepSettings & { flags: number; share: number },
  ): Record<string, HostData> {
    const hostValues = evaluateHost(host, batch.inputs);
    const uploads: Record<string, HostData> = {};
    for (const { name } of plan.uploads) {
      const ids = idsOfOrder(name);
      const scheduled = this.compiled.scheduled.get(name);
      if (name === 'step') uploads[name] = this.stepBlock(settings);
      else if (name === TASK_STEP)
        uploads[name] = this.stepBlock(settings && { ...settings, ...settings.task });
      else if (scheduled)
        uploads[name] = Float32Array.of(scheduled(this.optimizerStep, settings?.share ?? 1));
      else if (name === LABELS) uploads[name] = batch.labels;
      else if (name === WEIGHTS) uploads[name] = batch.weights.map((weight) => weight / total);
      else if (ids) uploads[name] = sortOrder(hostValues.get(ids) as Int32Array);
      else uploads[name] = hostValues.get(name)!;
    }
    return uploads;
  }

  /** See `STEP_BLOCK_BYTES` in plan/kernel-call.ts. */
  private stepBlock(settings?: StepSettings & { flags: number }): Uint32Array {
    const words = new Uint32Array(STEP_BLOCK_BYTES / 4);
    if (!settings) return words;
    const floats = new Float32Array(words.buffer);
    const { optimizerStep, learningRate, flags } = settings;
    words.set([this.seed, this.microBatches, optimizerStep, flags]);
    // Where the optimizer began anew, its corrections do too.
    const own = optimizerStep - optimizerStart(this.compiled.delta.training?.events, optimizerStep);
    floats.set([learningRate, ...correctionsAt(this.compiled.optimizer, own), 1], 4);
    return words;
  }

  forward(batch: Batch): Promise<Float32Array> {
    return this.evaluated(batch, 'logits');
  }

  tokenLosses(batch: Batch): Promise<Float32Array> {
    return this.evaluated(batch, 'tokenLosses');
  }

  /** One of the read-backs that the evaluation was compiled for. */
  private async evaluated(batch: Batch, name: 'logits' | 'tokenLosses'): Promise<Float32Array> {
    const shape = shapeFor(this.evaluation, batch);
    const uploads = this.uploadsOf(shape, batch, totalWeight(batch));
    const values = await this.executor.execute(shape.prepared, {
      uploads,
      phases: ['compute'],
      read: [name],
    });
    return values[name];
  }

  async read(): Promise<Map<string, Float32Array>> {
    const places = [...this.places.values()];
    const values = await this.executor.read(places.map(({ tensor }) => tensor));
    const given = [...this.given].flatMap(([name, { values: own }]) => (own ? [[name, own] as const] : []));
    return new Map([...places.map(({ name }, i) => [name, values[i]] as const), ...given]);
  }

  /** Gradients of the last step, before clipping. */
  async readGradients(): Promise<Map<string, Float32Array>> {
    const places = [...this.places.values()];
    const values = await this.executor.read(places.map(({ gradient }) => gradient));
    const { lossScale } = this.compiled;
    const unscaled = (gradient: Float32Array): Float32Array =>
      lossScale === 1 ? gradient : gradient.map((number) => number / lossScale);
    return new Map(places.map(({ name }, i) => [name, unscaled(values[i])]));
  }

  write(tensors: ReadonlyMap<string, Float32Array>): void {
    for (const [name, values] of tensors) {
      const given = this.given.get(name);
      const tensor = given?.place ?? this.placeOf(name).tensor;
      if (given) given.values = values;
      if (values.byteLength !== tensor.bytes)
        throw new Error(`internal: "${name}" has ${tensor.bytes / 4} values, got ${values.length}`);
      this.executor.memory.write(tensor, values);
    }
  }

  async readMoments(): Promise<Map<string, Float32Array[]>> {
    const places = [...this.places.values()];
    const states = [...this.states];
    const values = await this.executor.read([
      ...places.flatMap(({ moments }) => moments),
      ...states.map(([, place]) => place),
    ]);
    let at = 0;
    const next = (): Float32Array => values[at++];
    return new Map<string, Float32Array[]>([
      ...places.map(({ name, moments }) => [name, moments.map(next)] as const),
      ...states.map(([name]): [string, Float32Array[]] => [name, [next()]]),
    ]);
  }

  writeMoments(moments: ReadonlyMap<string, readonly Float32Array[]>): void {
    for (const [name, values] of moments) {
      const state = this.states.get(name);
      const places = state ? [state] : this.placeOf(name).moments;
      values.forEach((data, i) => this.executor.memory.write(places[i], data));
    }
  }

  seek(microBatches: number, optimizerStep: number): void {
    this.microBatches = microBatches;
    this.optimizerStep = optimizerStep;
  }

  private placeOf(name: string): Plan['trainables'][number] {
    const place = this.places.get(name);
    if (!place) throw new Error(`internal: "${name}" is not a trained tensor of this run`);
    return place;
  }

  memory(): ReturnType<Instance['memory']> {
    const { memory, fitted } = this.compiled;
    return { predicted: memory, allocated: this.executor.memory.bytes, ...(fitted && { fitted }) };
  }

  /** For others on the device that read this run's weights, trained as they are (`Studio.createRun`). */
  get memoryToLend(): RunMemory {
    return this.executor.memory;
  }

  destroy(): void {
    this.executor.destroy();
  }
}

function givenPlaces({ delta, training, evaluation }: CompiledRun): Map<string, { place: Placement }> {
  const names = new Set((delta.given ?? []).map(({ name }) => name));
  const shapes = names.size === 0 ? [] : [...training.values(), ...evaluation.values()];
  const places = shapes.flatMap(({ plan }) => plan.weights).filter(({ name }) => names.has(name));
  return new Map(places.map((place) => [place.name, { place }]));
}

/** A weight as the run starts with it: the delta's, or the model's. */
export function initialValues(graph: Delta['graph'], model: DeltaModel, name: string): Float32Array {
  const tensor = graph.initializers.get(name) ?? model.graph.initializers.get(name);
  if (!tensor) throw new Error(`internal: no weights named "${name}"`);
  return floatsOf(tensor);
}

/** Real rows of a batch, by their weights, or its real target tokens: what its loss is the mean over. */
function totalWeight({ weights }: Batch): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function shapeFor(shapes: ReadonlyMap<string, Shape>, batch: Batch): Shape {
  const key = shapeKey(batch, batch.task);
  // Tasks that have all of the model in common share its plans.
  const shape = shapes.get(key) ?? shapes.get(shapeKey(batch, undefined));
  if (!shape)
    throw new Error(
      `internal: no plan for batches of length ${key} (there are ${[...shapes.keys()].join(', ')})`,
    );
  return shape;
}
