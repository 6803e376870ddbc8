/** Run records of stored runs, as the command line writes them. */
import type { RunEvent } from '../../train/events.ts';
import { RECORD_FORMAT, type RunRecord } from '../record.ts';
import { summarize } from '../summary.ts';
import type { StoredComparison, StoredHeader, StoredRunState } from './stored.ts';

/** @param events all of the run's, in order */
export function storedRecord(
  comparison: StoredComparison,
  { spec }: StoredHeader,
  { adapter }: StoredRunState,
  events: readonly RunEvent[],
): RunRecord {
  const { created, model, labels, columns, environment } = comparison;
  return {
    format: RECORD_FORMAT,
    name: spec.name,
    created,
    spec: { ...spec, data: { ...spec.data, columns } },
    model,
    labels,
    columns,
    adapterStep: adapter?.step ?? null,
    environment,
    summary: summarize(events),
  };
}
