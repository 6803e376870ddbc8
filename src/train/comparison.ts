/**
 * Several methods on the same rows, in the same order, from the same seed and head; one method is a
 * comparison of one. Runs share what is prepared and, on the device, the frozen weights. With several seeds the
 * methods are trained seed by seed, so that each pair of runs that is compared stands side by side.
 */
import { toldOf } from '../errors.ts';
import type { SavedFile } from '../runs/adapter-names.ts';
import type { ComparisonRun, RunSpec } from '../runs/spec.ts';
import type { CheckpointKeeper, StagedCheckpoint } from './checkpoint.ts';
import { RunControl } from './control.ts';
import { unannounced, type During } from './during.ts';
import { DeviceClock } from './device-clock.ts';
import type { EndEvent, ReferenceEvent, RunEvent } from './events.ts';
import type { OpenRunOptions } from './open-run.ts';
import { judgedAnswers } from './judged-answers.ts';
import { preparedFor } from './prepare.ts';
import type { Prepared } from './prepared.ts';
import { PredictionKeeper, type RowAnswers, type StepPredictions } from './predictions.ts';
import type { Doing } from './doing.ts';
import { SharedStart } from './shared-start.ts';
import { referenceScores, startsAnew } from './reference.ts';
import { driveRuns, type RunOrder } from './schedule-runs.ts';
import { StagedRun } from './staged-run.ts';
import type { Studio } from '../plan/studio.ts';

/** How a run came out. */
export interface RunOutcome {
  key: string;
  spec: RunSpec;
  end: EndEvent;
  /** The adapter folder; null when nothing usable is left. */
  adapter: SavedFile[] | null;
  /** Step whose weights the adapter holds. */
  adapterStep: number | null;
  /** What it says of the validation rows, with those weights where they were evaluated, else at its last evaluation. */
  predictions: StepPredictions | null;
  /** Answers to the test rows, with the weights that were kept; absent where there were none. */
  tested?: StepPredictions;
  /** What was thrown, for a run that failed other than by its numbers. */
  error?: unknown;
}

export interface ComparisonOptions {
  runs: readonly ComparisonRun[];
  order: RunOrder;
  /** One a run, by key, to pause and stop it; others are made. */
  controls?: ReadonlyMap<string, RunControl>;
  emit: (key: string, event: RunEvent) => void;
  /** A run has ended; its device memory is free again. */
  ended: (outcome: RunOutcome) => Promise<void> | void;
  openFolder?: OpenRunOptions['openFolder'];
  /** Where runs go on from, by key; the others begin. */
  resume?: ReadonlyMap<string, StagedCheckpoint>;
  /** Keeps the state of a run from time to time. */
  checkpoints?: (key: string) => CheckpointKeeper<StagedCheckpoint>;
  /** Is told of work between steps that takes long: compiling a run, packing what it has learned. */
  during?: During;
  /** Is told what is done before a run takes its first step. */
  doing?: (what: Doing) => void;
  /** Runs that are stopped before they began tell nothing and have no outcome; else they end at step 0. */
  leaveWaiting?: boolean;
  /** Tells what takes no training scores, after each run's start. */
  references?: boolean;
}

const stoppedBefore: EndEvent = { type: 'end', reason: 'stopped', step: 0, best: null, seconds: 0 };

/**
 * Trains all runs to their ends. A run that fails does not keep the others from theirs. Outcomes go to `ended`;
 * nothing of a run is held once it has been told.
 */
export async function compare(studio: Studio, prepared: Prepared, options: ComparisonOptions): Promise<void> {
  const clock = new DeviceClock();
  const during = options.during ?? unannounced;
  let seeded = prepared;
  let reference: Pick<ReferenceEvent, 'scores' | 'tasks'> | null = null;
  let start = new SharedStart();
  const doing = options.doing ?? (() => {});
  const of = options.runs.length;
  const planned = options.runs.map(({ key, spec }, index) => {
    const control = options.controls?.get(key) ?? new RunControl();
    const resume = options.resume?.get(key);
    const keeper = new PredictionKeeper(resume?.answers);
    let told = false;
    let kept = -1;
    const emit = (event: RunEvent) => {
      keeper.hear(event);
      if (event.type === 'start') doing({ what: 'scoreStart', run: key, index: index + 1, of });
      if (event.type === 'evaluate' && event.split !== 'validation') kept = event.step;
      const answers = event.type === 'end' && kept !== -1 ? judgedAnswers(spec, prepared, keeper, kept) : [];
      for (const answered of answers) options.emit(key, answered);
      options.emit(key, event);
      if (event.type !== 'memory' || told || reference === null) return;
      told = true;
      options.emit(key, { type: 'reference', ...reference });
    };
    const predicted = (answers: RowAnswers) => keeper.take(answers);
    let run: StagedRun | null = null;
    // The plan outlives the run: what that held must not.
    const close = () => {
      run?.destroy();
      run = null;
      keeper.forget();
    };
    /** Of a run that has not taken a step. */
    const ended = async (end: EndEvent, thrown: { error?: unknown } = {}) => {
      emit(end);
      const nothing = { adapter: null, adapterStep: null, predictions: null };
      await options.ended({ key, spec, end, ...nothing, ...thrown });
    };
    return {
      control,
      ...(options.leaveWaiting === true ? { leave: close } : { skipped: () => ended(stoppedBefore) }),
      prepare: async () => {
        doing({ what: 'compile', run: key, index: index + 1, of });
        const checkpoints = options.checkpoints?.(key);
        run = await during('plan', () =>
          StagedRun.open(studio, seeded, spec, {
            openFolder: options.openFolder,
            resume,
            checkpoints: checkpoints && {
              due: checkpoints.due,
              keep: (state) => checkpoints.keep({ ...state, answers: keeper.kept }),
            },
            during,
            emit,
            predicted,
            chosen: () => keeper.choose(),
            start,
            control,
            clock,
          }),
        );
        return run;
      },
      ended: () =>
        during('store', async () => {
          const { end, tensorsStep, error } = run!.result!;
          const adapter = run!.files();
          const predictions = keeper.at(tensorsStep);
          const { test } = keeper;
          close();
          await options.ended({
            key,
            spec,
            end,
            adapter,
            adapterStep: adapter && tensorsStep,
            predictions,
            ...(test && { tested: test }),
            ...(error !== undefined && { error }),
          });
        }),
      failed: async (error: unknown) => {
        await ended({ ...stoppedBefore, reason: 'failed', ...toldOf(error) }, { error });
      },
    };
  });
  const seeds = options.runs.map(({ spec }) => spec.training.seed);
  for (const seed of new Set(seeds)) {
    const group = planned.filter((_, i) => seeds[i] === seed);
    const { spec } = options.runs[seeds.indexOf(seed)];
    if (seeded.seed !== seed) seeded = preparedFor(prepared, spec);
    const stopped = (): boolean => group.every(({ control }) => control.stopped);
    const starts = seeded;
    start = new SharedStart();
    // The model that all seeds start from is scored once, unless its head differs.
    if (options.references === true && !stopped() && (reference === null || startsAnew(prepared))) {
      doing({ what: 'scoreUntuned' });
      reference = await during('plan', () => referenceScores(studio, starts, spec, start, stopped));
    }
    await driveRuns(group, options.order);
  }
}
