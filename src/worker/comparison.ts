/** A comparison that runs, or has run: its events on their way to the page, its controls, what it leaves. */
import type { Studio } from '../gpu/studio.ts';
import type { Artifact, NamedFile, Reply, SessionState } from '../protocol/messages.ts';
import { StudioError } from '../errors.ts';
import type { RunEnvironment, RunRecord } from '../runs/record.ts';
import type { ComparisonRun } from '../runs/spec.ts';
import { compare, type RunOutcome } from '../train/comparison.ts';
import { RunControl } from '../train/control.ts';
import type { RunEvent } from '../train/events.ts';
import type { Prepared } from '../train/prepare.ts';
import { recordRun } from '../train/record-run.ts';
import type { RunOrder } from '../train/schedule-runs.ts';

/** Events are sent together at most this often, in milliseconds: a small model steps faster than a page draws. */
const SEND_INTERVAL = 100;

export interface ComparisonInput {
  studio: Studio;
  prepared: Prepared;
  runs: readonly ComparisonRun[];
  order: RunOrder;
  environment: RunEnvironment;
  post: (reply: Reply) => void;
}

export class Comparison {
  readonly #input: ComparisonInput;
  readonly #controls: Map<string, RunControl>;
  readonly #events = new Map<string, RunEvent[]>();
  /** How many events of each run the page has. */
  readonly #sent = new Map<string, number>();
  readonly #outcomes = new Map<string, RunOutcome>();
  readonly #created = new Date().toISOString();
  #current: SessionState = 'preparing';
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(input: ComparisonInput) {
    this.#input = input;
    this.#controls = new Map(input.runs.map(({ key }) => [key, new RunControl()]));
  }

  /** Trains all runs to their ends. Runs that fail end with a reason; nothing is thrown for them. */
  async run(): Promise<void> {
    const { studio, prepared, runs, order } = this.#input;
    this.#state('preparing');
    try {
      await compare(studio, prepared, {
        runs,
        order,
        controls: this.#controls,
        emit: (key, event) => this.#record(key, event),
        ended: (outcome) => void this.#outcomes.set(outcome.key, outcome),
      });
    } finally {
      this.#send();
      this.#state('idle');
    }
  }

  pause(): void {
    if (this.#current !== 'running') return;
    for (const control of this.#controls.values()) control.pause();
    this.#state('paused');
  }

  resume(): void {
    if (this.#current !== 'paused') return;
    for (const control of this.#controls.values()) control.resume();
    this.#state('running');
  }

  stop(): void {
    for (const control of this.#controls.values()) control.stop();
    this.#state('stopping');
  }

  /**
   * Files of an artifact of a run that has ended.
   * @throws StudioError('training') when the run left no usable weights or has not ended
   */
  files(run: string, artifact: Artifact): NamedFile[] {
    const outcome = this.#outcomes.get(run);
    if (outcome === undefined) {
      throw new StudioError('training', `The run "${run}" has not ended yet; stop it or wait for its end.`);
    }
    switch (artifact) {
      case 'adapter':
        if (outcome.adapter === null) {
          throw new StudioError(
            'training',
            `The run "${run}" left no usable weights; ${outcome.end.message ?? 'train it again'}.`,
          );
        }
        return outcome.adapter;
      case 'metrics':
        return [textFile('metrics.jsonl', this.#lines(run))];
      case 'record':
        return [textFile('run.json', `${JSON.stringify(this.#runRecord(outcome), null, 2)}\n`)];
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
    // Compiling and allocating are over once a run starts.
    if (event.type === 'start' && this.#current === 'preparing') this.#state('running');
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
    this.#current = state;
    this.#input.post({ type: 'state', state });
  }
}

function textFile(name: string, text: string): NamedFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
