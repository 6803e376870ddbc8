/** The data of the comparison as a data set of a study: its files, and how they are read there. */
import type { DataSource, DataSummary, ModelSummary } from '../../../protocol/messages.ts';
import { dataOf } from '../../../runs/spec-tasks.ts';
import { formToSpec } from '../form-spec.ts';
import type { Form } from '../form.ts';
import type { OwnData } from './study-form.ts';

/** Null where the comparison has no files of the person's own, or its form does not read. */
export function comparisonData(
  form: Form,
  model: ModelSummary | null,
  data: DataSummary | null,
  source: DataSource,
): OwnData | null {
  if (source.kind !== 'files' || model === null || data === null) return null;
  const spec = formToSpec(form, model, data);
  if (spec === null) return null;
  const { train: _, ...read } = dataOf(spec);
  return {
    name: data.name,
    train: source.train,
    validation: source.validation,
    test: source.test ?? null,
    data: read,
  };
}
