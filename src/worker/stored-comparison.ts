/** A comparison on its way into the store and back out of it. */
import { StudioError } from '../errors.ts';
import { listed, say } from '../sentence.ts';
import type { DataSource, ModelSource } from '../protocol/messages.ts';
import type { RunEnvironment } from '../runs/record.ts';
import { runMethod, totalSteps, type ComparisonRun, type SpecInput } from '../runs/spec.ts';
import { inputBytes, inputKey, MOST_INPUT_BYTES } from '../runs/storage/inputs.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import { canResume, STORE_FORMAT, type StoredComparison, type StoredEntry } from '../runs/storage/stored.ts';
import { countParameters } from '../models/model.ts';
import type { StagedCheckpoint } from '../train/checkpoint.ts';
import type { RunOutcome } from '../train/comparison.ts';
import type { RunEvent } from '../train/events.ts';
import { hashRows } from '../train/hash-rows.ts';
import { dataFiles } from '../runs/spec-tasks.ts';
import { allRows } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { namedColumns } from '../train/record-run.ts';

/** What model and data were read from, as the page gave it. */
export interface Sources {
  model: ModelSource;
  data: DataSource;
}

export interface NewComparison {
  spec: SpecInput;
  runs: readonly ComparisonRun[];
  prepared: Prepared;
  environment: RunEnvironment;
  sources: Sources;
  forecast?: Readonly<Record<string, number>>;
}

/** The record of a comparison that starts now. */
export async function describeComparison(made: NewComparison): Promise<StoredComparison> {
  const { spec, runs, prepared, environment, sources, forecast = {} } = made;
  const { model, columns, labelSpace, notes } = prepared;
  return {
    format: STORE_FORMAT,
    id: crypto.randomUUID(),
    name: spec.name ?? 'comparison',
    created: new Date().toISOString(),
    spec,
    environment,
    model: { source: model.source, hash: model.hash, parameters: countParameters(model) },
    labels: labelSpace,
    columns: namedColumns(columns),
    notes,
    ...(Object.keys(forecast).length > 0 && { forecast }),
    dataHash: await hashRows(allRows(prepared)),
    inputs: { model: inputKey('model', sources.model), data: inputKey('data', sources.data) },
    runs: runs.map((run) => ({
      run: run.key,
      method: runMethod(run.spec),
      steps: totalSteps(run.spec),
      spec: run.spec,
    })),
  };
}

/** Keeps the files a comparison is made of, where they are not too large. */
export async function keepInputs(
  store: RunStore,
  { inputs }: StoredComparison,
  sources: Sources,
): Promise<void> {
  for (const kind of ['model', 'data'] as const) {
    const bytes = inputBytes(sources[kind]);
    if (bytes <= MOST_INPUT_BYTES) await store.keepInput({ key: inputs[kind], source: sources[kind], bytes });
  }
}

/**
 * Refuses to go on with other weights or other rows than those a comparison began with.
 * @throws StudioError('model') or ('data')
 */
export async function checkSame(comparison: StoredComparison, prepared: Prepared): Promise<void> {
  if (prepared.model.hash !== comparison.model.hash) {
    throw new StudioError(
      'model',
      say`This comparison was trained on ${comparison.model.source}, and another model is loaded; choose that one under Model, then try again.`,
      { where: 'model.source' },
    );
  }
  if ((await hashRows(allRows(prepared))) !== comparison.dataHash) {
    const files = listed(dataFiles(comparison.spec));
    throw new StudioError(
      'data',
      say`This comparison was trained on ${files}, and other rows are loaded; choose that under Data, then try again.`,
      { where: 'data.train' },
    );
  }
}

/** What a stored comparison's runs have become. */
export interface Earlier {
  created: string;
  /** Events of every run, by key; of runs that go on up to their checkpoints. */
  events: Map<string, RunEvent[]>;
  /** Runs that have ended and stay so. */
  outcomes: RunOutcome[];
  /** Where the others go on from; those without begin anew. */
  checkpoints: Map<string, StagedCheckpoint>;
}

/**
 * Reads what there is of a comparison.
 * @param goOn makes the runs that can go on ready to: events after their checkpoints are forgotten
 */
export async function loadEarlier(
  store: RunStore,
  { comparison, runs }: StoredEntry,
  goOn: boolean,
): Promise<Earlier> {
  const earlier: Earlier = {
    created: comparison.created,
    events: new Map(),
    outcomes: [],
    checkpoints: new Map(),
  };
  for (const state of runs) {
    const { run } = state;
    const { spec } = comparison.runs.find((header) => header.run === run)!;
    if (goOn && canResume(state)) {
      const checkpoint = await store.checkpoint(state);
      const count = checkpoint === null ? 0 : (state.checkpoint?.events ?? 0);
      await store.truncate(comparison.id, run, count);
      if (checkpoint !== null) earlier.checkpoints.set(run, checkpoint);
      earlier.events.set(run, await store.events(comparison.id, run));
      continue;
    }
    const events = await store.events(comparison.id, run);
    earlier.events.set(run, events);
    const end = events.findLast((event) => event.type === 'end');
    if (end === undefined) continue;
    earlier.outcomes.push({
      key: run,
      spec,
      end,
      adapter: await store.adapter(state),
      adapterStep: state.adapter?.step ?? null,
      predictions: await store.predictions(comparison.id, run),
    });
  }
  return earlier;
}
