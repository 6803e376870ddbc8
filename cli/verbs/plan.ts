/** `delta plan`: what each method would take at each batch size, before anything is allocated. */
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../src/plan/plan.ts';
import { comparisonSpecs, completeSpec, type ComparisonRun } from '../../src/runs/spec.ts';
import { compileRun } from '../../src/train/compile.ts';
import { compileRequest, prepare } from '../../src/train/prepare.ts';
import { integerList, methodList, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadMaterials, loadSpec, type LoadedSpec } from '../load.ts';
import { mebibytes, print, printJson, progress, tableText } from '../output.ts';

interface PlanRow {
  method: string;
  batchSize: number;
  trainableParameters: number;
  totalParameters: number;
  /** Of one training step, optimizer included. */
  dispatches: number;
  predicted: MemoryBytes;
}

export async function plan({ flags, json }: Arguments): Promise<number> {
  const loaded = await loadSpec(flags.spec!);
  const runs = plannedRuns(loaded, methodList(flags.methods));
  const sizes = flags.batch === undefined ? null : integerList('batch', flags.batch);
  const [{ spec }] = runs;
  const prepared = prepare(spec, await loadMaterials(spec, loaded.base));
  // The device itself is only asked what it is: kernels and alignments depend on it.
  const profile = await withStudio(flags.adapter, (studio) => Promise.resolve(studio.profile));
  const rows = runs.flatMap((run) =>
    (sizes ?? [run.spec.training.batchSize]).map((batchSize): PlanRow => {
      const sized = { ...run.spec, training: { ...run.spec.training, batchSize } };
      const compiled = compileRun(compileRequest(prepared, sized, profile));
      progress(`Planned ${run.key} at batch size ${batchSize}`);
      return {
        method: run.key,
        batchSize,
        trainableParameters: compiled.trainableParameters,
        totalParameters: compiled.totalParameters,
        dispatches: compiled.dispatches.compute + compiled.dispatches.update,
        predicted: compiled.memory,
      };
    }),
  );
  if (json) printJson({ rows });
  else print(planTable(rows));
  return 0;
}

/** The methods named; else the spec's comparison; else its one method; else every method there is. */
function plannedRuns({ input }: LoadedSpec, methods: string[] | undefined): ComparisonRun[] {
  if (methods === undefined && input.compare === undefined) {
    if (input.method === undefined) return comparisonSpecs(input, METHOD_TYPES);
    const spec = completeSpec(input);
    return [{ key: spec.method.type, spec }];
  }
  return comparisonSpecs(input, methods);
}

function planTable(rows: readonly PlanRow[]): string {
  const head = ['method', 'batch', 'trained', 'dispatches', ...MEMORY_CATEGORIES, 'total'];
  const cells = rows.map((row) => [
    row.method,
    String(row.batchSize),
    row.trainableParameters.toLocaleString('en'),
    String(row.dispatches),
    ...MEMORY_CATEGORIES.map((category) => mebibytes(row.predicted[category])),
    mebibytes(row.predicted.total),
  ]);
  return tableText([head, ...cells]);
}
