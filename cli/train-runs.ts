/** Trains the runs of `train` and `compare` and writes their folders as they train and end. */
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { movedNote } from '../src/runs/moved.ts';
import { saidBefore } from '../src/advice/examine.ts';
import { forecastRuns, type RunForecast } from '../src/advice/forecast-runs.ts';
import type { RunEnvironment, RunRecord } from '../src/runs/record.ts';
import { notesOfStarts } from '../src/runs/start-heads.ts';
import { rateOrigin } from '../src/runs/model-rates.ts';
import { runName, stageRuns, totalSteps, type ComparisonRun, type OptimizerSpec } from '../src/runs/spec.ts';
import { shortNumber } from '../src/runs/svg-chart.ts';
import { english, say, type Sentence } from '../src/sentence.ts';
import { CheckpointTimer, type CheckpointKeeper, type StagedCheckpoint } from '../src/train/checkpoint.ts';
import { compare, type RunOutcome } from '../src/train/comparison.ts';
import { RunControl } from '../src/train/control.ts';
import type { RunEvent } from '../src/train/events.ts';
import { prepare } from '../src/train/prepare.ts';
import type { Prepared } from '../src/train/prepared.ts';
import { recordRun } from '../src/train/record-run.ts';
import type { RunOrder } from '../src/train/schedule-runs.ts';
import { environmentOf, withStudio } from './device.ts';
import { earlierRun, hasEnded, type EarlierRun } from './earlier-runs.ts';
import { loadMaterials, openFolder, openFusedRuns, startedRuns } from './load.ts';
import { progress } from './output.ts';
import { ProgressLines } from './progress.ts';
import { dropCheckpoint, RunFolder } from './run-folder.ts';
import { SESSION_NAME, sessionText, type Session } from './session-file.ts';
import { Interrupts } from './signals.ts';
import { WriteError } from './whole-file.ts';
import { checkSameInputs, hashesOf, type Work } from './work.ts';

export interface TrainedRun {
  key: string;
  record: RunRecord;
}

export interface TrainOptions {
  verb: Session['verb'];
  adapter: string | undefined;
  /** `--tune`. */
  tune: string | undefined;
  order: RunOrder;
  /** Folder of a run, by key. */
  folderOf: (key: string) => string;
}

export interface TrainedRuns {
  /** Those that have begun, in their order. */
  runs: TrainedRun[];
  session: Session;
  /** Were they ended before their time? */
  stopped: boolean;
}

/**
 * @throws StudioError for whatever is wrong before the first step, and for a disk that takes no more; a run that
 *   fails later is an outcome
 */
export async function trainRuns(asked: Work, options: TrainOptions): Promise<TrainedRuns> {
  const interrupts = new Interrupts();
  try {
    const earlier = new Map(asked.runs.map(({ key }) => [key, earlierOf(asked, options.folderOf(key))]));
    const ended = (key: string): boolean => earlier.get(key)!.kind === 'ended';
    if (asked.runs.every(({ key }) => ended(key))) return allEnded(asked, earlier, options);
    // Runs of a comparison differ in method and training; any that evaluates needs the validation file.
    const widest = asked.runs.find(({ spec }) => spec.training.evaluateEvery > 0) ?? asked.runs[0];
    const prepared = prepare(widest.spec, await loadMaterials(widest.spec, asked.base));
    // A session has what its runs start from already.
    const work =
      asked.session === null
        ? { ...asked, runs: await startedRuns(asked.runs, prepared.deltaModel, asked.base) }
        : asked;
    if (work.session !== null) await openFusedRuns(work.runs, prepared.deltaModel, work.base);
    const hashes = await hashesOf(prepared, work.runs, work.base);
    if (work.session !== null) checkSameInputs(work.session, hashes);
    const told = saidBefore(prepared, widest.spec).all;
    for (const note of told) progress(`Note: ${english(note)}`);
    const openStart = (folder: string) => openFolder(path.resolve(work.base, folder));
    const starts = work.session === null ? await notesOfStarts(work.runs, prepared.model, openStart) : [];
    for (const note of starts) progress(`Note: ${english(note)}`);
    if (work.session === null) tellRates(work.runs);
    return await withStudio(options, async (studio) => {
      const environment = environmentOf(studio);
      const session: Session = {
        verb: options.verb,
        created: work.session?.created ?? new Date().toISOString(),
        base: work.base,
        spec: work.spec,
        ...(work.methods && { methods: work.methods }),
        runs: work.runs,
        ...hashes,
        environment,
        notes: [
          ...(work.session?.notes ?? [...told, ...starts].map(english)),
          ...movedNotes(work.session, environment),
        ],
      };
      const training = new Training(work, session, earlier, prepared, options);
      interrupts.onFirst(() => {
        progress('Stopping after this step and writing what there is; a second signal leaves at once.');
        training.stop();
      });
      const fresh = work.runs.filter(({ key }) => earlier.get(key)!.kind === 'fresh');
      if (options.verb === 'compare') {
        const forecasts = await forecastRuns(studio, prepared, fresh, { openFolder: openStart });
        tellTimes(forecasts);
        const seconds = [...forecasts].map(([key, one]) => [key, one.seconds] as const);
        session.forecasts = { ...work.session?.forecasts, ...Object.fromEntries(seconds) };
      }
      await compare(studio, prepared, {
        runs: work.runs.filter(({ key }) => !ended(key)),
        order: options.order,
        controls: training.controls,
        openFolder: openStart,
        emit: (key, event) => training.heard(key, event),
        ended: (outcome) => training.ended(outcome),
        resume: training.checkpoints,
        checkpoints: (key) => training.keeper(key),
        leaveWaiting: true,
        references: options.verb === 'compare',
      });
      return training.result();
    });
  } finally {
    interrupts.close();
  }
}

/** Learning rates and where they come from, of the stages of each method; all its seeds have them. */
function tellRates(runs: readonly ComparisonRun[]): void {
  for (const [name, [{ spec }]] of byMethod(runs, ({ key }) => key))
    for (const { training } of stageRuns(spec)) {
      const { optimizer } = training;
      if (optimizer.learningRate !== undefined)
        progress(
          `${name}: learning rate ${optimizer.learningRate}, ${english(rateOrigin(optimizer))}${ofHead(optimizer)}`,
        );
    }
}

const ofHead = ({ headLearningRate }: OptimizerSpec): string =>
  headLearningRate === undefined ? '' : `; of the head ${headLearningRate}`;

/** How long each method will take, and all of them. */
function tellTimes(forecasts: ReadonlyMap<string, RunForecast>): void {
  const methods = byMethod([...forecasts], ([key]) => key);
  for (const [name, seeds] of methods) {
    const each = `about ${shortNumber(seeds[0][1].seconds)} s`;
    progress(seeds.length === 1 ? `${name}: ${each}` : `${name}: ${each} for each of ${seeds.length} seeds`);
  }
  const total = [...forecasts.values()].reduce((sum, { seconds, scoring }) => sum + seconds + scoring, 0);
  if (forecasts.size > 1)
    progress(`All ${forecasts.size} runs, with the scoring at their ends: about ${duration(total)}`);
}

function duration(seconds: number): string {
  return seconds < 120 ? `${shortNumber(seconds)} s` : `${Math.round(seconds / 60)} minutes`;
}

function byMethod<Run>(runs: readonly Run[], keyOf: (run: Run) => string): Map<string, Run[]> {
  const methods = new Map<string, Run[]>();
  for (const run of runs) {
    const name = runName({ key: keyOf(run) });
    methods.set(name, [...(methods.get(name) ?? []), run]);
  }
  return methods;
}

/** What a run has become; said where it cannot go on from where it was. */
function earlierOf({ session }: Work, folder: string): EarlierRun {
  if (session === null) return { kind: 'fresh' };
  const found = earlierRun(folder);
  if (found.kind === 'fresh' && found.why !== undefined)
    progress(`Note: ${found.why}, so this run begins again from its first step.`);
  return found;
}

function allEnded(
  { session, runs }: Work,
  earlier: ReadonlyMap<string, EarlierRun>,
  { folderOf }: TrainOptions,
): TrainedRuns {
  for (const { key } of runs) dropCheckpoint(folderOf(key));
  const trained = runs.map(({ key }) => ({ key, record: endedRecord(earlier.get(key)!)! }));
  progress('Everything here has ended already.');
  return { runs: trained, session: session!, stopped: false };
}

function endedRecord(run: EarlierRun): RunRecord | null {
  return run.kind === 'ended' ? run.record : null;
}

/** That it goes on elsewhere, where it does. */
function movedNotes(session: Session | null, now: RunEnvironment): string[] {
  const note = session && movedNote(session.environment, now);
  if (note === null) return [];
  progress(`Note: ${english(note)}`);
  return [english(note)];
}

/** What is written as runs train. The first thing that cannot be written stops them all. */
class Training {
  readonly controls: ReadonlyMap<string, RunControl>;
  readonly checkpoints: ReadonlyMap<string, StagedCheckpoint>;
  readonly #work: Work;
  readonly #session: Session;
  readonly #prepared: Prepared;
  readonly #lines: ProgressLines;
  readonly #folders: ReadonlyMap<string, RunFolder>;
  readonly #trained = new Map<string, TrainedRun>();
  /** Outcomes of runs that could not even begin, while no other has. */
  readonly #unwritten: (() => void)[] = [];
  /** Keys of the runs whose folders are open. */
  readonly #open = new Set<string>();
  #begun = false;
  #stopped = false;
  #problem: WriteError | null = null;

  constructor(
    work: Work,
    session: Session,
    earlier: ReadonlyMap<string, EarlierRun>,
    prepared: Prepared,
    { folderOf }: TrainOptions,
  ) {
    this.#work = work;
    this.#session = session;
    this.#prepared = prepared;
    const going: ComparisonRun[] = [];
    const checkpoints = new Map<string, StagedCheckpoint>();
    const folders = new Map<string, RunFolder>();
    for (const run of work.runs) {
      const found = earlier.get(run.key)!;
      if (found.kind === 'ended') {
        this.#trained.set(run.key, { key: run.key, record: found.record });
        dropCheckpoint(folderOf(run.key));
        continue;
      }
      going.push(run);
      const goesOn = found.kind === 'checkpoint';
      if (goesOn) checkpoints.set(run.key, found.state);
      folders.set(run.key, new RunFolder(folderOf(run.key), goesOn ? found.events : []));
    }
    this.checkpoints = checkpoints;
    this.#folders = folders;
    this.controls = new Map(going.map(({ key }) => [key, new RunControl()]));
    this.#lines = new ProgressLines(new Map(going.map(({ key, spec }) => [key, totalSteps(spec)])));
  }

  stop(): void {
    this.#stopped = true;
    for (const control of this.controls.values()) control.stop();
  }

  heard(key: string, event: RunEvent): void {
    this.#lines.add(key, event);
    this.#write(() => {
      // A run that cannot begin tells its end and nothing before.
      if (event.type !== 'end') this.#begin(key);
      this.#folders.get(key)!.add(event);
    });
  }

  /** At evaluations, else every half minute; fewer where they take long. */
  keeper(key: string): CheckpointKeeper<StagedCheckpoint> {
    const timer = new CheckpointTimer();
    let asked: number | null = null;
    return {
      due: (afterEvaluation) => {
        if (!timer.due(afterEvaluation)) return false;
        asked = performance.now();
        return true;
      },
      keep: (state) => {
        const from = asked ?? performance.now();
        asked = null;
        this.#write(() => {
          this.#begin(key);
          this.#folders.get(key)!.keep(state);
        });
        timer.taken(performance.now() - from);
      },
    };
  }

  ended(outcome: RunOutcome): void {
    const { key, adapter, end } = outcome;
    const folder = this.#folders.get(key)!;
    const { created, environment, base } = this.#session;
    const record = recordRun(outcome, folder.events, this.#prepared, { created, environment, base });
    this.#trained.set(key, { key, record });
    const write = (): void =>
      this.#write(() => {
        this.#begin(key);
        folder.finish(record, adapter, !hasEnded(end.reason));
      });
    if (this.#begun || adapter !== null) write();
    else this.#unwritten.push(write);
  }

  /** @throws StudioError('storage') when something could not be written, or what kept all runs from beginning */
  result(): TrainedRuns {
    for (const folder of this.#folders.values()) folder.close();
    if (this.#problem !== null) {
      throw this.#begun ? this.#problem.toGoOn(this.#work.out.place) : this.#problem;
    }
    const runs = this.#work.runs.flatMap(({ key }) => this.#trained.get(key) ?? []);
    if (!this.#begun)
      throw new StudioError('training', failureOf(runs) ?? say`Stopped before the first step.`);
    return { runs, session: this.#session, stopped: this.#stopped };
  }

  /** The first run that has something to write takes the command's folder, and each its own. */
  #begin(key: string): void {
    if (!this.#begun) {
      this.#work.out.begin(SESSION_NAME, sessionText(this.#session));
      this.#begun = true;
      for (const write of this.#unwritten.splice(0)) write();
    }
    if (this.#open.has(key)) return;
    this.#folders.get(key)!.open();
    this.#open.add(key);
  }

  #write(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      if (this.#problem === null) progress('What was trained cannot be written: stopping after this step.');
      this.#problem ??= error;
      this.stop();
    }
  }
}

/** Runs that did not come to a good end, as one line; null when all did. */
export function failureOf(runs: readonly TrainedRun[]): Sentence | null {
  const failed = runs.filter(({ record }) =>
    ['failed', 'nonFinite', 'deviceLost'].includes(record.summary.reason),
  );
  if (failed.length === 0) return null;
  return failed
    .map(({ key, record: { summary } }) => {
      const what = summary.sentence ?? say`${summary.message ?? summary.reason}`;
      return runs.length === 1 ? what : say`${key}: ${what}`;
    })
    .reduce((all, one) => say`${all}; ${one}`);
}
