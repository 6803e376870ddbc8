/** The record of a run that was made of others rather than trained. */
import type { SavedFile } from '../src/runs/adapter-names.ts';
import type { MethodSpec } from '../src/runs/spec-method.ts';
import { VERSION } from '../src/runs/version.ts';

/**
 * `run.json` of what was merged or converted: model, classes, columns and data of the run it comes from, and none of
 * its results, which are not those of the new weights.
 * @param from the run's own record
 * @param about what was done
 */
export function derivedRecord(from: unknown, method: MethodSpec, about: Record<string, unknown>): SavedFile {
  const { format, name, spec, base, model, labels, columns } = from as Record<string, unknown>;
  const { stages: _stages, compare: _compare, ...rest } = spec as Record<string, unknown>;
  const record = {
    format,
    name,
    created: new Date().toISOString(),
    spec: { ...rest, method },
    ...(base !== undefined && { base }),
    model,
    labels,
    columns,
    adapterStep: null,
    environment: { studio: VERSION, runtime: `Node ${process.version}` },
    ...about,
  };
  return { name: 'run.json', bytes: new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`) };
}
