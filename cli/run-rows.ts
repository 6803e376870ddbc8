/** Rows of a data file as a finished run reads them. */
import { buildDataset, type Dataset } from '../src/data/dataset.ts';
import type { StoredRun } from '../src/runs/record.ts';
import { readingOf } from '../src/runs/spec-data.ts';
import { loadTable } from './load.ts';

/** @throws StudioError('data') naming `--data`, or the line */
export async function rowsForRun({ spec, labels, columns }: StoredRun, file: string): Promise<Dataset> {
  // Encoding and header are those of another file.
  const { missing, missingValues, invalidRows } = readingOf(spec.data);
  const table = await loadTable(file, '.', '--data', {
    invalidRows,
    columns: [...columns.text, ...[columns.label, columns.target].filter((name) => name !== undefined)],
  });
  return buildDataset(table, {
    columns,
    task: spec.model.task,
    split: 'test',
    verbalizer: spec.data.verbalizer,
    labelSpace: labels,
    reading: { missing, missingValues, invalidRows },
  });
}
