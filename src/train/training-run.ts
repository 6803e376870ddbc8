/**
 * One training run, advanced step by step by whoever schedules it (`schedule-runs.ts`). Several steps are
 * kept in flight: their losses come back later, in order, and are reported when they do. Pause, stop,
 * evaluation, early stopping and failures act between steps.
 */
import type { Batch } from '../data/batch.ts';
import { StudioError, toldOf } from '../errors.ts';
import { english, field, say, type Sentence } from '../sentence.ts';
import type { TrainingSpec } from '../runs/spec-training.ts';
import { BestTracker } from './best.ts';
import type { CheckpointKeeper, RunCheckpoint } from './checkpoint.ts';
import { RunControl } from './control.ts';
import { DeviceClock } from './device-clock.ts';
import type { EndEvent, RunEvent, Split, StartEvent } from './events.ts';
import type { Instance, StepResult } from './instance.ts';
import { stepRate, stepSettings } from './schedule.ts';
import { WeightGuard, type Tensors } from './weight-guard.ts';

export interface TrainingRunOptions {
  instance: Instance;
  training: TrainingSpec;
  /** Micro-batches of an optimizer step, from 1. */
  batchesOf: (step: number) => Batch[];
  /** Of several tasks the step's, and how often it has been its turn then. */
  turnOf?: (step: number) => Turn | null;
  /** Metrics on the validation rows with the weights as they are; absent when there are none. */
  evaluate?: (instance: Instance) => Promise<Scores>;
  /** Sets that the weights which are kept are scored on once, when the run has come to its end. */
  scores?: readonly FinalScore[];
  emit: (event: RunEvent) => void;
  /** Hears, just after its event, that an evaluation is the best so far. */
  chosen?: () => void;
  adapter: StartEvent['adapter'];
  control?: RunControl;
  /** Shared by all runs on a device. */
  clock?: DeviceClock;
  /** Steps enqueued ahead of the last loss read back. */
  inFlight?: number;
  /** Where the run goes on from; its events up to there have been told. */
  resume?: RunCheckpoint;
  /** Keeps the run's state from time to time, when it is paused and when it is stopped. */
  checkpoints?: CheckpointKeeper<RunCheckpoint>;
}

export interface FinalScore {
  split: Split;
  evaluate: (instance: Instance) => Promise<Scores>;
}

/** Metrics of a set; of several tasks the mean over them, and each one's. */
export interface Scores {
  metrics: Record<string, number>;
  tasks?: readonly { task: string; metrics: Record<string, number> }[];
}

interface Turn {
  task: string;
  step: number;
}

interface Pending {
  step: number;
  /** Of several tasks the one trained. */
  task?: string;
  learningRate: number;
  tokens: number;
  result: Promise<StepResult & { milliseconds: number }>;
}

/** What is left of a run that has ended. */
export interface RunResult {
  end: EndEvent;
  /** Trained tensors as the run leaves them, or null when nothing usable is left. */
  tensors: Tensors | null;
  /** Step whose weights those are. */
  tensorsStep: number;
  /** What made the run fail, other than a non-finite loss. */
  error?: unknown;
}

/** Thrown within a run when a loss or norm is not finite. */
class NonFiniteStep extends Error {
  declare protected readonly nominal: true;
  readonly pending: Pending;
  readonly value: StepResult;

  constructor(pending: Pending, value: StepResult) {
    super(`step ${pending.step} is not finite`);
    this.pending = pending;
    this.value = value;
  }
}

/** Thrown within an evaluation that is given up. */
class GivenUp extends Error {
  declare protected readonly nominal: true;
}

export class TrainingRun {
  readonly control: RunControl;
  readonly #options: TrainingRunOptions;
  readonly #clock: DeviceClock;
  readonly #tracker: BestTracker;
  readonly #guard: WeightGuard;
  readonly #pending: Pending[] = [];
  #begun = false;
  /** Steps enqueued, and steps whose loss is known. */
  #enqueued = 0;
  #settled = 0;
  #milliseconds = 0;
  #evaluatedAt = -1;
  #keptAt = 0;
  #bestTensors: Tensors | null = null;
  #result: RunResult | null = null;

  constructor(options: TrainingRunOptions) {
    this.#options = options;
    this.control = options.control ?? new RunControl();
    this.#clock = options.clock ?? new DeviceClock();
    this.#tracker = new BestTracker(options.training.metric, options.training.earlyStopping);
    this.#guard = new WeightGuard(options.instance);
  }

  /** Null until the run has ended. */
  get result(): RunResult | null {
    return this.#result;
  }

  /**
   * Does the next thing: begins, takes a step, or ends. Never throws: a run that fails ends with a reason.
   * @returns false once the run has ended
   */
  async advance(): Promise<boolean> {
    if (this.#result) return false;
    try {
      await this.#next();
    } catch (error) {
      await this.#fail(error);
    }
    return this.#result === null;
  }

  /** Waits for every step in flight, so that a paused run shows all it has done. */
  async drain(): Promise<void> {
    if (this.#result) return;
    try {
      await this.#settleAll();
      await this.#keep();
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #next(): Promise<void> {
    const { training } = this.#options;
    if (!this.#begun) return this.#begin();
    if (this.control.stopped) return this.#finish('stopped');
    if (this.#enqueued >= training.steps) return this.#finish('completed');

    this.#enqueue();
    if (this.#pending.length > (this.#options.inFlight ?? 3)) await this.#settle();
    const step = this.#enqueued;
    const events = this.#options.instance.eventsAfter?.(step) ?? null;
    if (events !== null) await this.#applyEvents(step, events.forgetsBest);
    if (this.#guard.due(step)) {
      await this.#settleAll();
      await this.#guard.copy(step);
    }
    const evaluated = this.#evaluates && (step % training.evaluateEvery === 0 || step === training.steps);
    if (evaluated) {
      await this.#evaluate();
      if (this.#tracker.exhausted && step < training.steps) return this.#finish('earlyStopped');
    }
    if (step < training.steps && this.#options.checkpoints?.due(evaluated)) await this.#keep();
  }

  /** What a delta does to its tensors between two steps. */
  async #applyEvents(step: number, forgetsBest: boolean): Promise<void> {
    const { instance } = this.#options;
    await this.#settleAll();
    await this.#timed(async () => instance.applyEvents?.(step));
    if (!forgetsBest) return;
    this.#bestTensors = null;
    this.#tracker.best = null;
    this.#tracker.stale = 0;
  }

  /** Hands the state after the last step to whoever keeps it. */
  async #keep(): Promise<void> {
    const { instance, checkpoints } = this.#options;
    if (checkpoints === undefined) return;
    await this.#settleAll();
    const step = this.#enqueued;
    if (step === this.#keptAt) return;
    this.#keptAt = step;
    const [tensors, moments] = await this.#timed(() =>
      Promise.all([instance.read(), instance.readMoments()]),
    );
    await checkpoints.keep({
      step,
      tensors,
      moments,
      bestTensors: this.#bestTensors,
      best: this.#tracker.best,
      stale: this.#tracker.stale,
      evaluatedAt: this.#evaluatedAt,
      milliseconds: this.#milliseconds,
    });
  }

  get #evaluates(): boolean {
    return this.#options.training.evaluateEvery > 0 && this.#options.evaluate !== undefined;
  }

  async #begin(): Promise<void> {
    const { instance, emit, adapter, resume } = this.#options;
    this.#begun = true;
    if (resume !== undefined) return this.#takeUp(resume);
    emit({
      type: 'start',
      time: new Date().toISOString(),
      adapter,
      trainableParameters: instance.trainableParameters,
      totalParameters: instance.totalParameters,
    });
    emit({ type: 'memory', ...instance.memory() });
    if (this.#guard.enabled) await this.#timed(() => this.#guard.copy(0));
    if (this.#evaluates) await this.#evaluate();
  }

  /** Puts everything back as it was after the checkpoint's step. */
  async #takeUp(from: RunCheckpoint): Promise<void> {
    const { instance, training } = this.#options;
    instance.write(from.tensors);
    instance.writeMoments(from.moments);
    instance.seek(from.step * training.gradientAccumulation, from.step);
    this.#enqueued = this.#settled = this.#keptAt = from.step;
    this.#milliseconds = from.milliseconds;
    this.#evaluatedAt = from.evaluatedAt;
    this.#bestTensors = from.bestTensors;
    this.#tracker.best = from.best;
    this.#tracker.stale = from.stale;
    if (this.#guard.enabled) await this.#guard.copy(from.step);
  }

  #enqueue(): void {
    const { instance, training, batchesOf } = this.#options;
    const step = ++this.#enqueued;
    const learningRate = stepRate(step, training);
    const batches = batchesOf(step);
    const start = this.#clock.now();
    const turn = this.#turn(step);
    const settings = stepSettings(step, learningRate, training, turn);
    const result = instance
      .step(batches, settings)
      .then((value) => ({ ...value, milliseconds: this.#clock.charge(start) }));
    result.catch(() => {}); // Seen when its turn comes.
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    this.#pending.push({ step, ...(turn && { task: turn.task }), learningRate, tokens, result });
  }

  #turn(step: number): Turn | null {
    return this.#options.turnOf?.(step) ?? null;
  }

  /** Waits for the oldest step in flight and reports it. */
  async #settle(): Promise<void> {
    const pending = this.#pending[0];
    const { loss, penalty, gradNorm, milliseconds } = await pending.result;
    this.#pending.shift();
    this.#milliseconds += milliseconds;
    if (!isFiniteStep({ loss, penalty, gradNorm })) throw new NonFiniteStep(pending, { loss, gradNorm });
    this.#settled = pending.step;
    this.#guard.confirm();
    const { step, task, learningRate, tokens } = pending;
    const extra = { ...(task !== undefined && { task }), ...(penalty !== undefined && { penalty }) };
    this.#options.emit({ type: 'step', step, loss, ...extra, learningRate, gradNorm, milliseconds, tokens });
  }

  async #settleAll(): Promise<void> {
    while (this.#pending.length > 0) await this.#settle();
  }

  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const start = this.#clock.now();
    const value = await work();
    this.#milliseconds += this.#clock.charge(start);
    return value;
  }

  async #evaluate(): Promise<void> {
    const { instance, evaluate, training } = this.#options;
    await this.#settleAll();
    const step = this.#enqueued;
    if (evaluate === undefined || this.#evaluatedAt === step) return;
    // What a model knows before its first step is nothing to wait for on stopping.
    const skips = (): boolean => this.control.hurried || (this.control.stopped && step === 0);
    const scores = await this.#timed(() => this.#unless(skips, evaluate));
    if (scores === null) return;
    this.#evaluatedAt = step;
    this.#tell(step, 'validation', scores);
    if (!this.#tracker.add(step, scores.metrics)) return;
    this.#options.chosen?.();
    if (training.keepBest) this.#bestTensors = await this.#timed(() => instance.read());
  }

  /** Each task's scores before their mean, which chooses the step. */
  #tell(step: number, split: Split, { metrics, tasks = [] }: Scores): void {
    const { emit } = this.#options;
    for (const { task, metrics: own } of tasks) emit({ type: 'evaluate', step, split, task, metrics: own });
    emit({ type: 'evaluate', step, split, metrics });
  }

  /** Metrics, or null where they are given up before the last batch. */
  async #unless(
    skips: () => boolean,
    evaluate: (instance: Instance) => Promise<Scores>,
  ): Promise<Scores | null> {
    const check = (): void => {
      if (skips()) throw new GivenUp();
    };
    try {
      check();
      return await evaluate(checked(this.#options.instance, check));
    } catch (error) {
      if (error instanceof GivenUp) return null;
      throw error;
    }
  }

  async #finish(reason: EndEvent['reason']): Promise<void> {
    const { instance, training } = this.#options;
    await this.#settleAll();
    // A stopped run may be taken up again later; what follows may go back to the best weights.
    if (reason === 'stopped') await this.#keep();
    // Without this, a run stopped before its first evaluation would go back to its first weights.
    if (this.#evaluates) await this.#evaluate();
    const best = this.#tracker.best;
    let step = this.#enqueued;
    // Where scoring was given up before there was any after step 0, what was trained is kept.
    const scored = best !== null && (best.step > 0 || this.#evaluatedAt === step);
    if (training.keepBest && this.#bestTensors !== null && scored && best.step !== step) {
      instance.write(this.#bestTensors);
      step = best.step;
    }
    const tensors = await this.#timed(() => instance.read());
    // A stopped run can go on, and what it is tested on is looked at once.
    if (reason !== 'stopped') await this.#score(step);
    this.#end(reason, tensors, step);
  }

  /** What the weights as they are score; measuring is no part of the time that training takes. */
  async #score(step: number): Promise<void> {
    const { scores = [] } = this.#options;
    for (const { split, evaluate } of scores) {
      const start = this.#clock.now();
      const found = await this.#unless(() => this.control.stopped, evaluate);
      this.#clock.charge(start);
      if (found === null) return;
      this.#tell(step, split, found);
    }
  }

  async #fail(error: unknown): Promise<void> {
    try {
      if (error instanceof NonFiniteStep) return await this.#failNonFinite(error);
    } catch (second) {
      error = second;
    }
    const lost = error instanceof StudioError && error.code === 'device';
    const kept = this.#bestTensors ?? this.#guard.good;
    const step = this.#bestTensors === null ? this.#guard.goodStep : (this.#tracker.best?.step ?? 0);
    this.#end(lost ? 'deviceLost' : 'failed', kept, step, toldOf(error), error);
  }

  /**
   * The device left out the step's update, so the weights may still be good: a step of the batches before
   * it, at rate 0, tells. If they are not, the last good copy takes their place.
   */
  async #failNonFinite({ pending, value }: NonFiniteStep): Promise<void> {
    const { instance, training, batchesOf } = this.#options;
    await Promise.allSettled(this.#pending.map(({ result }) => result));
    this.#pending.length = 0;
    let sentence = nonFinite(value, pending.step, training.optimizer.learningRate);
    let tensors: Tensors | null = this.#bestTensors;
    let step = this.#tracker.best?.step ?? 0;
    if (tensors === null) {
      tensors = await instance.read();
      step = this.#settled;
      const at = Math.max(1, step);
      const still = { optimizerStep: this.#enqueued + 1, learningRate: 0 };
      const probe = { ...still, ...(this.#turn(at) !== null && { task: still }) };
      const good = allFinite(tensors) && isFiniteStep(await instance.step(batchesOf(at), probe));
      if (!good) [tensors, step] = [this.#guard.good, this.#guard.goodStep];
    }
    if (tensors === null) sentence = say`${sentence}; no weights from before it could be kept`;
    else instance.write(tensors);
    this.#end('nonFinite', tensors, step, { message: english(sentence), sentence });
  }

  #end(
    reason: EndEvent['reason'],
    tensors: Tensors | null,
    tensorsStep: number,
    told?: { message: string; sentence?: Sentence },
    error?: unknown,
  ): void {
    const end: EndEvent = {
      type: 'end',
      reason,
      step: this.#settled,
      best: this.#tracker.best,
      seconds: this.#milliseconds / 1000,
      ...told,
    };
    this.#result = { end, tensors, tensorsStep, ...(error !== undefined && { error }) };
    this.#options.emit(end);
  }
}

/** An instance that may refuse every further batch of an evaluation. */
function checked(instance: Instance, check: () => void): Instance {
  return new Proxy(instance, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'forward' && name !== 'tokenLosses') return value.bind(target) as unknown;
      return async (...parameters: unknown[]): Promise<unknown> => {
        check();
        return (await Reflect.apply(value, target, parameters)) as unknown;
      };
    },
  });
}

function nonFinite({ loss, gradNorm }: StepResult, step: number, rate: number | undefined): Sentence {
  const what = Number.isFinite(loss)
    ? say`the gradient norm became ${gradNorm} at step ${step}`
    : say`the loss became ${loss} at step ${step}`;
  const learningRate = field('training.optimizer.learningRate');
  return rate === undefined
    ? say`${what}; set ${field('training.optimizer.warmupInit')}, or a ${learningRate} of your own`
    : say`${what}; lower ${learningRate} (${rate}) or lengthen the warm-up`;
}

function isFiniteStep({ loss, penalty = 0, gradNorm }: StepResult): boolean {
  return [loss, penalty, gradNorm].every(Number.isFinite);
}

function allFinite(tensors: Tensors): boolean {
  for (const values of tensors.values()) {
    if (!values.every((value) => Number.isFinite(value))) return false;
  }
  return true;
}
