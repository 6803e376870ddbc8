/**
 * A run with all its stages, advanced step by step like one training run. When a stage has come to its end,
 * what it learned is frozen at its best step and the next one is attached to it; the head trains on.
 */
import { toldOf } from '../errors.ts';
import { saveRunAdapter, type TrainedStage } from '../runs/adapter-folder.ts';
import type { SavedFile } from '../runs/adapter-names.ts';
import { stageRuns, type RunSpec, type StageRun } from '../runs/spec.ts';
import type { CheckpointKeeper, RunCheckpoint, StagedCheckpoint } from './checkpoint.ts';
import type { RunControl } from './control.ts';
import { unannounced, type During } from './during.ts';
import type { EndEvent, RunEvent } from './events.ts';
import { openStage, type OpenedRun, type OpenRunOptions } from './open-run.ts';
import type { Prepared } from './prepared.ts';
import type { DrivenRun } from './schedule-runs.ts';
import { afterStage, compileStage, compileStages, layoutOfStage } from './stages.ts';
import type { Studio } from '../plan/studio.ts';

export interface StagedRunOptions extends OpenRunOptions {
  /** Where the run goes on from. */
  resume?: StagedCheckpoint;
  checkpoints?: CheckpointKeeper<StagedCheckpoint>;
  during?: During;
}

export interface StagedResult {
  end: EndEvent;
  /** Step whose weights the last stage's files hold. */
  tensorsStep: number;
  error?: unknown;
}

export class StagedRun implements DrivenRun {
  readonly control: RunControl;
  readonly #studio: Studio;
  readonly #spec: RunSpec;
  readonly #stages: readonly StageRun[];
  readonly #options: StagedRunOptions;
  readonly #trained: TrainedStage[] = [];
  #prepared: Prepared;
  #index = -1;
  #current!: OpenedRun;
  /** Steps, seconds and kept step of the stages before. */
  #steps = 0;
  #seconds = 0;
  #kept = 0;
  #end: EndEvent | null = null;
  #held = false;
  #result: StagedResult | null = null;

  private constructor(studio: Studio, prepared: Prepared, spec: RunSpec, options: StagedRunOptions) {
    this.#studio = studio;
    this.#prepared = prepared;
    this.#spec = spec;
    this.#stages = stageRuns(spec);
    this.#options = options;
    this.control = options.control!;
  }

  /** @throws StudioError as `openStage`, for any of the stages */
  static async open(
    studio: Studio,
    prepared: Prepared,
    spec: RunSpec,
    options: StagedRunOptions & { control: RunControl },
  ): Promise<StagedRun> {
    const run = new StagedRun(studio, prepared, spec, options);
    // What a later stage cannot do is said before the first has trained for an hour.
    if (run.#stages.length > 1) compileStages(prepared, spec, studio.profile);
    if (options.resume !== undefined) run.#takeUp(options.resume);
    await run.#open(options.resume?.run);
    return run;
  }

  /** Puts back what the stages before the checkpoint's have learned. */
  #takeUp({ stage, earlier, steps, seconds, kept }: StagedCheckpoint): void {
    for (const [index, tensors] of earlier.entries()) {
      const { method } = this.#stages[index];
      const compiled = compileStage(
        this.#prepared,
        this.#spec,
        this.#stages[index],
        index,
        this.#studio.profile,
      );
      this.#trained.push({ ...layoutOfStage(this.#prepared, method, compiled), tensors });
      this.#prepared = afterStage(this.#prepared, compiled, tensors, index + 1);
    }
    this.#index = stage - 1;
    this.#steps = steps;
    this.#seconds = seconds;
    this.#kept = kept;
  }

  async #open(resume?: RunCheckpoint): Promise<void> {
    const index = this.#index + 1;
    const { checkpoints } = this.#options;
    const options = {
      ...this.#options,
      emit: (event: RunEvent) => this.#emit(event),
      resume,
      checkpoints: checkpoints && {
        due: checkpoints.due,
        keep: (run: RunCheckpoint) => checkpoints.keep(this.#state(run)),
      },
    };
    this.#current = await openStage(
      this.#studio,
      this.#prepared,
      this.#spec,
      this.#stages[index],
      index,
      options,
    );
    this.#index = index;
    this.#held = true;
  }

  #state(run: RunCheckpoint): StagedCheckpoint {
    return {
      stage: this.#index,
      run,
      earlier: this.#trained.map(({ tensors }) => tensors),
      steps: this.#steps,
      seconds: this.#seconds,
      kept: this.#kept,
    };
  }

  get result(): StagedResult | null {
    return this.#result;
  }

  get #last(): boolean {
    return this.#index === this.#stages.length - 1;
  }

  drain(): Promise<void> {
    return this.#current.run.drain();
  }

  async advance(): Promise<boolean> {
    if (this.#result) return false;
    const { run, compiled, layout } = this.#current;
    if (await run.advance()) return true;
    const { end, tensors, tensorsStep, error } = run.result!;
    if (tensors !== null) {
      this.#trained.push({ ...layout, tensors });
      this.#kept = this.#steps + tensorsStep;
    }
    this.#seconds += end.seconds;
    this.#steps += end.step ?? 0;
    if (this.#end !== null) {
      this.#result = { end: this.#end, tensorsStep: this.#kept, ...(error !== undefined && { error }) };
      return false;
    }
    this.destroy();
    const { during = unannounced } = this.#options;
    try {
      await during('plan', () => {
        this.#prepared = afterStage(this.#prepared, compiled, tensors!, this.#index + 1);
        return this.#open();
      });
    } catch (cause) {
      this.#fail(cause);
      return false;
    }
    return true;
  }

  #fail(error: unknown): void {
    const end: EndEvent = {
      type: 'end',
      reason: 'failed',
      step: this.#steps,
      best: null,
      seconds: this.#seconds,
      ...toldOf(error),
      stage: this.#index + 2,
    };
    this.#result = { end, tensorsStep: this.#kept, error };
    this.#options.emit(end);
  }

  /** Events of a stage as those of the whole run: steps and seconds count on. */
  #emit(event: RunEvent): void {
    const { emit } = this.#options;
    if (this.#spec.stages === undefined) {
      if (event.type === 'end') this.#end = event;
      return emit(event);
    }
    const stage = this.#index + 1;
    const best = (found: EndEvent['best']) => found && { ...found, step: found.step + this.#steps };
    switch (event.type) {
      case 'step':
      case 'evaluate':
        return emit({ ...event, step: event.step + this.#steps, stage });
      case 'end': {
        const step = this.#steps + (event.step ?? 0);
        if (!this.#last && goesOn(event)) {
          return emit({ type: 'stage', stage, reason: event.reason, step, best: best(event.best) });
        }
        const seconds = this.#seconds + event.seconds;
        this.#end = { ...event, step, seconds, best: best(event.best), stage };
        return emit(this.#end);
      }
      case 'stage':
        return emit(event);
      default:
        return emit({ ...event, stage });
    }
  }

  /** The adapter folder: of the stages that have ended; null when nothing usable is left. */
  files(): SavedFile[] | null {
    if (this.#trained.length === 0) return null;
    const { source } = this.#spec.model;
    const { hash, task } = this.#prepared.model;
    return saveRunAdapter(this.#trained, this.#spec.stages !== undefined, { base: { hash, source }, task });
  }

  destroy(): void {
    if (this.#held) this.#current.close();
    this.#held = false;
  }
}

/** Does the next stage follow? */
function goesOn({ reason }: EndEvent): boolean {
  return reason === 'completed' || reason === 'earlyStopped';
}
