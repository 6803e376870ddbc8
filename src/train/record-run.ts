/** The record of a run that has ended, the same from page and command line. */
import { countParameters } from '../models/model.ts';
import { answerReport } from './answer-report.ts';
import { RECORD_FORMAT, type RunEnvironment, type RunRecord } from '../runs/record.ts';
import { summarize } from '../runs/summary.ts';
import type { RunOutcome } from './comparison.ts';
import type { RunEvent } from './events.ts';
import type { Prepared } from './prepared.ts';

export interface RecordContext {
  /** When the comparison began, ISO 8601. */
  created: string;
  environment: RunEnvironment;
  /** Folder that the spec's paths are relative to, where there is one. */
  base?: string;
}

/** @param events all of the run's, in order */
export function recordRun(
  outcome: Pick<RunOutcome, 'spec' | 'adapterStep' | 'predictions' | 'tested'>,
  events: readonly RunEvent[],
  prepared: Prepared,
  { created, environment, base }: RecordContext,
): RunRecord {
  const { spec, adapterStep } = outcome;
  const { model, labelSpace } = prepared;
  const columns = namedColumns(prepared.columns);
  const tasks = prepared.tasks?.map(({ name, prepared: one }) => ({
    name,
    labels: one.labelSpace,
    columns: namedColumns(one.columns),
  }));
  // Several tasks have no class report of their own yet: each is looked at by `delta evaluate`.
  const answers = prepared.tasks === undefined ? answerReport(outcome, prepared) : null;
  return {
    format: RECORD_FORMAT,
    name: spec.name,
    created,
    // Columns that were guessed from the data are part of what was done.
    spec: {
      ...spec,
      data: { ...spec.data, columns },
      ...(spec.tasks && {
        tasks: spec.tasks.map((task, i) => ({ ...task, columns: tasks![i].columns })),
      }),
    },
    ...(base !== undefined && { base }),
    model: { source: model.source, hash: model.hash, parameters: countParameters(model) },
    labels: labelSpace,
    columns,
    ...(tasks && { tasks }),
    adapterStep,
    environment,
    summary: summarize(events),
    ...(answers && { answers }),
  };
}

/** Columns as a record names them. */
export function namedColumns({ text, label, target }: Prepared['columns']): RunRecord['columns'] {
  return {
    text: text.map(String),
    ...(label !== undefined && { label: String(label) }),
    ...(target !== undefined && { target: String(target) }),
  };
}
