/**
 * Opening a stored comparison in the page: as it was left, to go on with, laid over what is shown, or as
 * the start of a new one.
 */
import type { NamedFile } from '../../protocol/messages.ts';
import { writtenRecord } from '../../runs/record.ts';
import type { Artifact, Columns, DataSource, ModelSource } from '../../protocol/messages.ts';
import type { Task } from '../../runs/spec.ts';
import type { RunStore } from '../../runs/storage/run-store.ts';
import { storedRecord } from '../../runs/storage/stored-record.ts';
import type { StoredComparison, StoredEntry, StoredRunState } from '../../runs/storage/stored.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';

/** The comparison on show, where it is a stored one. */
export interface Shown {
  id: string;
  name: string;
  /** `live`: it trains here, or has; `adopted`: opened with its model and data; `read`: records alone. */
  kind: 'live' | 'adopted' | 'read';
  /** Some other tab trains it. */
  elsewhere: boolean;
  /** Why predictions are not there, a sentence; null when they are. */
  note: string | null;
}

/** A run of another comparison, laid over the charts. */
export interface OverlayRun {
  comparison: string;
  run: string;
  label: string;
}

/** What model and data a comparison needs, where they are kept. */
export interface KeptSources {
  model: ModelSource | null;
  data: DataSource | null;
  columns: Columns;
  task: Task;
}

/** Sources of a stored comparison; null for what was too large to keep, or came from elsewhere. */
export async function sourcesOf(store: RunStore, comparison: StoredComparison): Promise<KeptSources> {
  const [model, data] = await Promise.all([
    store.input(comparison.inputs.model),
    store.input(comparison.inputs.data),
  ]);
  const { source } = comparison.model;
  const builtin = source.startsWith('builtin:')
    ? ({ kind: 'builtin', name: source.slice('builtin:'.length) } as const)
    : null;
  return {
    model: (model?.source as ModelSource | undefined) ?? builtin,
    data: (data?.source as DataSource | undefined) ?? null,
    columns: comparison.columns,
    task: comparison.runs[0].spec.model.task,
  };
}

/**
 * Files of one artifact of a stored run, without the engine.
 * @throws StudioError('storage') when the run left none
 */
export async function storedArtifact(
  store: RunStore,
  { comparison, runs }: StoredEntry,
  run: string,
  artifact: Exclude<Artifact, 'model'>,
): Promise<NamedFile[]> {
  const state: StoredRunState = runs.find((one) => one.run === run)!;
  const header = comparison.runs.find((one) => one.run === run)!;
  if (artifact === 'adapter') {
    const files = await store.adapter(state);
    if (files === null)
      throw new StudioError('storage', say`The run "${run}" left no usable weights; train it again.`);
    return files;
  }
  const events = await store.events(comparison.id, run);
  const text = (name: string, contents: string): NamedFile[] => [
    { name, bytes: new TextEncoder().encode(contents) },
  ];
  return artifact === 'metrics'
    ? text('metrics.jsonl', events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    : text(
        'run.json',
        `${JSON.stringify(writtenRecord(storedRecord(comparison, header, state, events)), null, 2)}\n`,
      );
}
