/** `delta plan`: what each method would take at each batch size, before anything is allocated. */
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import { StudioError } from '../../src/errors.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../src/plan/plan.ts';
import { methodRuns, completeSpec, runMethod, type ComparisonRun } from '../../src/runs/spec.ts';
import type { CompiledRun } from '../../src/train/compile.ts';
import { prepare, type Prepared } from '../../src/train/prepare.ts';
import { compileStages } from '../../src/train/stages.ts';
import { integerList, methodList, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadMaterials, startedRuns, loadSpec, type LoadedSpec } from '../load.ts';
import { mebibytes, print, printJson, progress, tableText } from '../output.ts';

interface PlanRow {
  method: string;
  /** Of a run in stages, which; from 1. */
  stage?: number;
  batchSize: number;
  trainableParameters: number;
  totalParameters: number;
  /** Of one training step, optimizer included. */
  dispatches: number;
  predicted: MemoryBytes;
}

/** A batch size that does not fit costs its row alone. */
interface RefusedRow {
  method: string;
  batchSize: number;
  /** One sentence. */
  refused: string;
}

interface PlanCell {
  rows: (PlanRow | RefusedRow)[];
  refusal?: StudioError;
}

export async function plan({ flags, json }: Arguments): Promise<number> {
  const loaded = await loadSpec(flags.spec!);
  const asked = plannedRuns(loaded, methodList(flags.methods));
  const sizes = flags.batch === undefined ? null : integerList('batch', flags.batch);
  const [{ spec }] = asked;
  const prepared = prepare(spec, await loadMaterials(spec, loaded.base));
  const runs = await startedRuns(asked, prepared.deltaModel, loaded.base);
  const profile = await profileOf(flags.adapter);
  const cells: PlanCell[] = runs.flatMap((run) =>
    (sizes ?? [run.spec.training.batchSize]).map((batchSize) => planCell(prepared, run, batchSize, profile)),
  );
  const rows = cells.flatMap(({ rows: some }) => some);
  // Where nothing can be planned, and not for want of room, there is no table to show.
  const refusals = cells.flatMap(({ refusal }) => refusal ?? []);
  const other = refusals.find(({ code }) => code !== 'device');
  if (refusals.length === cells.length && other) throw other;
  if (json) printJson({ rows });
  else print(planTable(rows));
  return 0;
}

/** One method at one batch size: a row for each stage, or a row that says why there is none. */
function planCell(
  prepared: Prepared,
  run: ComparisonRun,
  batchSize: number,
  profile: AdapterProfile,
): PlanCell {
  const sized = { ...run.spec, training: { ...run.spec.training, batchSize } };
  let stages: CompiledRun[];
  try {
    stages = compileStages(prepared, sized, profile);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    progress(`${run.key} at batch size ${batchSize}: ${error.message}`);
    return { rows: [{ method: run.key, batchSize, refused: error.message }], refusal: error };
  }
  progress(`Planned ${run.key} at batch size ${batchSize}`);
  const rows = stages.map((compiled, i) => ({
    method: run.key,
    ...(run.spec.stages && { stage: i + 1 }),
    batchSize,
    trainableParameters: compiled.trainableParameters,
    totalParameters: compiled.totalParameters,
    dispatches: compiled.dispatches.compute + compiled.dispatches.update,
    predicted: compiled.memory,
  }));
  return { rows };
}

/**
 * The device is only asked what it is: kernels and alignments depend on it. A machine without one can
 * still plan, for a device that has no more than WebGPU promises.
 */
async function profileOf(preference: string | undefined): Promise<AdapterProfile> {
  try {
    return await withStudio(preference, (studio) => Promise.resolve(studio.profile));
  } catch (error) {
    if (preference !== undefined || !(error instanceof StudioError)) throw error;
    progress(`${error.message} The plan is for a GPU with WebGPU's default limits.`);
    return DEFAULT_PROFILE;
  }
}

/** WebGPU's default limits and no optional feature. */
const DEFAULT_PROFILE: AdapterProfile = {
  kind: 'webgpu',
  vendor: '',
  architecture: '',
  description: 'WebGPU defaults',
  software: false,
  subgroups: false,
  f16: false,
  timestamps: false,
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    minStorageBufferOffsetAlignment: 256,
  },
};

/** The methods named; else the spec's comparison; else its one method; else every method there is. */
function plannedRuns({ input }: LoadedSpec, methods: string[] | undefined): ComparisonRun[] {
  if (methods === undefined && input.compare === undefined) {
    if (input.method === undefined && input.stages === undefined) return methodRuns(input, METHOD_TYPES);
    const spec = completeSpec(input);
    return [{ key: runMethod(spec), spec }];
  }
  return methodRuns(input, methods);
}

function planTable(all: readonly (PlanRow | RefusedRow)[]): string {
  const rows = all.filter((row) => 'predicted' in row);
  const head = ['method', 'batch', 'trained', 'dispatches', ...MEMORY_CATEGORIES, 'total'];
  const cells = rows.map((row) => [
    row.stage === undefined ? row.method : `${row.method} (stage ${row.stage})`,
    String(row.batchSize),
    row.trainableParameters.toLocaleString('en'),
    String(row.dispatches),
    ...MEMORY_CATEGORIES.map((category) => mebibytes(row.predicted[category])),
    mebibytes(row.predicted.total),
  ]);
  const refused = all.flatMap((row) =>
    'refused' in row ? [`${row.method} at batch size ${row.batchSize}: ${row.refused}`] : [],
  );
  return [tableText([head, ...cells]), ...refused].join('\n');
}
