/** A comparison that runs, or has run: its events on their way to the page, its controls, what it leaves. */
import type { ReadableFolder } from '../models/files.ts';
import type { Artifact, NamedFile, Reply, SessionState } from '../protocol/messages.ts';
import type { RunControlState } from '../protocol/controls.ts';
import type { Judged } from '../evidence/comparison-summary.ts';
import type { Conclusion, PredictionReply } from '../protocol/predictions.ts';
import type { Model } from '../models/model.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import {
  taskRun,
  writtenRecord,
  type RunEnvironment,
  type RunRecord,
  type StoredRun,
} from '../runs/record.ts';
import { runName, type ComparisonRun } from '../runs/spec.ts';
import { compare, type RunOutcome } from '../train/comparison.ts';
import { RunControl } from '../train/control.ts';
import type { During } from '../train/during.ts';
import type { RunEvent } from '../train/events.ts';
import type { Prepared } from '../train/prepared.ts';
import { exportRun } from '../train/export-onnx.ts';
import { recordRun } from '../train/record-run.ts';
import type { RunOrder } from '../train/schedule-runs.ts';
import { answerText, folderOf, predictionsOfTasks } from './predictions.ts';
import { judgedOf } from './judge-runs.ts';
import type { RunKeeper } from './run-keeper.ts';
import type { Earlier } from './stored-comparison.ts';
import type { Studio } from '../plan/studio.ts';
import { contentOf } from '../runs/adapter-names.ts';

/** Events are sent together at most this often, in milliseconds: a small model steps faster than a page draws. */
const SEND_INTERVAL = 100;

/** How long the end of a comparison waits for its last writes, in milliseconds; they go on behind it. */
const STORE_PATIENCE = 15_000;

export interface ComparisonInput {
  /** The device that is open now. @throws StudioError('device') */
  studio: () => Studio;
  prepared: Prepared;
  /** The base model, as loaded. */
  base: Model;
  runs: readonly ComparisonRun[];
  order: RunOrder;
  /** Method that differences are taken to, as the spec has it. */
  baseline?: string;
  /** Seconds that one run of each method was said to take, by its name. */
  forecast?: Readonly<Record<string, number>>;
  environment: RunEnvironment;
  post: (reply: Reply) => void;
  /** Opens the adapter that `method.init` names. */
  openFolder: (name: string) => ReadableFolder;
  /** Stores the comparison as it trains. */
  keeper?: RunKeeper;
  /** Announces what takes long. */
  during?: During;
  /** What its runs have become before, of one that was stored. */
  earlier?: Earlier;
}

export class Comparison {
  readonly #input: ComparisonInput;
  readonly #controls: Map<string, RunControl>;
  readonly #events = new Map<string, RunEvent[]>();
  /** How many events of each run the page has. */
  readonly #sent = new Map<string, number>();
  readonly #outcomes = new Map<string, RunOutcome>();
  readonly #created: string;
  #current: SessionState = 'preparing';
  #judged: Judged | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(input: ComparisonInput) {
    const { runs, earlier } = input;
    this.#input = input;
    this.#created = earlier?.created ?? new Date().toISOString();
    for (const outcome of earlier?.outcomes ?? []) this.#outcomes.set(outcome.key, outcome);
    for (const [run, events] of earlier?.events ?? []) this.#events.set(run, [...events]);
    const going = runs.filter(({ key }) => !this.#outcomes.has(key));
    this.#controls = new Map(going.map(({ key }) => [key, new RunControl()]));
  }

  /** Trains all runs to their ends. Runs that fail end with a reason; nothing is thrown for them. */
  async run(): Promise<void> {
    const { studio, prepared, runs, order, keeper, earlier } = this.#input;
    this.#state('preparing');
    this.#send();
    for (const outcome of this.#outcomes.values()) this.#tellLeft(outcome);
    try {
      await compare(studio(), prepared, {
        runs: runs.filter(({ key }) => !this.#outcomes.has(key)),
        order,
        controls: this.#controls,
        openFolder: this.#input.openFolder,
        emit: (key, event) => this.#record(key, event),
        ended: (outcome) => this.#ended(outcome),
        resume: earlier?.checkpoints,
        during: this.#input.during,
        references: true,
        doing: (doing) => this.#input.post({ type: 'doing', doing }),
        checkpoints: keeper && ((key) => keeper.checkpoints(key)),
      });
      await Promise.race([keeper?.settled(), after(STORE_PATIENCE)]);
    } finally {
      this.#send();
      this.#state('idle');
    }
  }

  /** All runs, or the one of a key; so with `step`, `resume` and `stop`. */
  pause(run?: string): void {
    if (this.#current === 'running') this.#control(run, (control) => control.pause());
  }

  /** Those that are paused take one step. */
  step(run?: string): void {
    this.#control(run, (control) => control.step());
  }

  resume(run?: string): void {
    if (this.#current === 'running' || this.#current === 'paused')
      this.#control(run, (control) => control.resume());
  }

  stop(run?: string): void {
    this.#control(run, (control) => control.stopOrHurry());
  }

  #control(run: string | undefined, act: (control: RunControl) => void): void {
    for (const [key, control] of this.#controls) if (run === undefined || run === key) act(control);
    this.#reportControls();
  }

  /** What was asked of the runs that have not ended, and what that makes of the comparison. */
  #reportControls(): void {
    const going = [...this.#controls].filter(([key]) => !this.#outcomes.has(key));
    const states = going.map(([key, control]) => [key, controlState(control)] as const);
    this.#input.post({ type: 'controls', controls: Object.fromEntries(states) });
    if (going.length === 0) return;
    const all = (wanted: RunControlState): boolean => states.every(([, state]) => state === wanted);
    if (all('stopping')) this.#state('stopping');
    // A run that ends of itself may leave only paused ones behind.
    else if (this.#current !== 'preparing') this.#state(all('paused') ? 'paused' : 'running');
  }

  #ended(outcome: RunOutcome): void {
    this.#outcomes.set(outcome.key, outcome);
    this.#input.keeper?.ended(outcome);
    this.#tellLeft(outcome);
    this.#reportControls();
  }

  #tellLeft({ key, adapter, adapterStep }: RunOutcome): void {
    const adapterBytes = adapter && adapter.reduce((sum, file) => sum + contentOf(file).byteLength, 0);
    this.#input.post({ type: 'left', run: key, left: { adapterBytes, adapterStep } });
  }

  /**
   * What the runs that have ended say of the validation rows, and what is to be said of them.
   * @param goesOn called now and then: many rows take minutes
   */
  conclusion(goesOn: () => void): Conclusion {
    const outcomes = this.#inOrder();
    const { baseline, forecast, prepared } = this.#input;
    const classNames = prepared.train.dataset.labelSpace?.names;
    const taskClasses = prepared.tasks?.map((task) => task.prepared.labelSpace?.names ?? null);
    const asked = { baseline, forecast, classNames, ...(taskClasses && { taskClasses }) };
    this.#judged ??= judgedOf(outcomes, (run) => this.#events.get(run) ?? [], asked, goesOn);
    const [first = null, ...more] = predictionsOfTasks(prepared, outcomes);
    return { predictions: first, ...(more.length > 0 && { more }), judged: this.#judged };
  }

  /** What the untuned model and every run that has left weights make of a text. @throws StudioError */
  answer(id: number, text: string, text2: string | null, task?: string): Promise<PredictionReply> {
    const { studio, prepared: all, base } = this.#input;
    const prepared = all.tasks?.find(({ name }) => name === task)?.prepared ?? all;
    const recordOf = (outcome: RunOutcome): StoredRun => taskRun(this.#runRecord(outcome), task);
    return answerText(
      { studio: studio(), prepared, base, outcomes: this.#firstOfEach(), recordOf },
      id,
      text,
      text2,
    );
  }

  /**
   * The tuned model of a run that has ended, as ONNX.
   * @param task whose it is, of several
   * @throws StudioError('training') when the run left no usable weights or has not ended, or as `exportRun` does
   */
  async model(run: string, task?: string): Promise<{ files: NamedFile[]; difference: number }> {
    const { studio, base } = this.#input;
    const adapter = folderOf(this.files(run, 'adapter'));
    const record = taskRun(this.#runRecord(this.#outcomes.get(run)!), task);
    return exportRun(studio(), record, base, { folder: adapter, label: run });
  }

  /** Of each method the first run that has left weights: several seeds answer much alike. */
  #firstOfEach(): RunOutcome[] {
    const usable = this.#inOrder().filter(({ adapter }) => adapter !== null);
    return usable.filter((one, i) => usable.findIndex((other) => runName(other) === runName(one)) === i);
  }

  #inOrder(): RunOutcome[] {
    return this.#input.runs.flatMap(({ key }) => this.#outcomes.get(key) ?? []);
  }

  /**
   * Files of an artifact of a run that has ended.
   * @throws StudioError('training') when the run left no usable weights or has not ended
   */
  files(run: string, artifact: Exclude<Artifact, 'model'>): NamedFile[] {
    const outcome = this.#outcomes.get(run);
    if (outcome === undefined) {
      throw new StudioError(
        'training',
        say`The run "${run}" has not ended yet; stop it or wait for its end.`,
      );
    }
    switch (artifact) {
      case 'adapter':
        if (outcome.adapter === null) {
          const { message, sentence } = outcome.end;
          throw new StudioError(
            'training',
            say`The run "${run}" left no usable weights; ${sentence ?? message ?? say`train it again`}.`,
          );
        }
        return outcome.adapter.map(({ name, bytes }) => ({ name, bytes }));
      case 'metrics':
        return [textFile('metrics.jsonl', this.#lines(run))];
      case 'record':
        return [
          textFile('run.json', `${JSON.stringify(writtenRecord(this.#runRecord(outcome)), null, 2)}\n`),
        ];
    }
  }

  #lines(run: string): string {
    return (this.#events.get(run) ?? []).map((event) => `${JSON.stringify(event)}\n`).join('');
  }

  #runRecord(outcome: RunOutcome): RunRecord {
    const { prepared, environment } = this.#input;
    const events = this.#events.get(outcome.key) ?? [];
    return recordRun(outcome, events, prepared, { created: this.#created, environment });
  }

  #record(run: string, event: RunEvent): void {
    this.#input.keeper?.record(run, event);
    // Compiling, allocating and scoring what there is before it are over with the first step.
    if (event.type === 'step' && this.#current === 'preparing') this.#state('running');
    const events = this.#events.get(run) ?? [];
    events.push(event);
    this.#events.set(run, events);
    this.#timer ??= setTimeout(() => this.#send(), SEND_INTERVAL);
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [run, events] of this.#events) {
      const sent = this.#sent.get(run) ?? 0;
      if (events.length === sent) continue;
      this.#input.post({ type: 'events', run, events: events.slice(sent) });
      this.#sent.set(run, events.length);
    }
  }

  #state(state: SessionState): void {
    if (state === this.#current && state !== 'preparing') return;
    this.#current = state;
    this.#input.post({ type: 'state', state });
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function controlState(control: RunControl): RunControlState {
  if (control.stopped) return 'stopping';
  return control.paused ? 'paused' : 'going';
}

function textFile(name: string, text: string): NamedFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
