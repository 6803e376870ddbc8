/** `delta plan`: what each method would take at each batch size, before anything is allocated. */
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import { StudioError } from '../../src/errors.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../src/plan/plan.ts';
import { comparisonSpecs, completeSpec, runMethod, type ComparisonRun } from '../../src/runs/spec.ts';
import { prepare } from '../../src/train/prepare.ts';
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

export async function plan({ flags, json }: Arguments): Promise<number> {
  const loaded = await loadSpec(flags.spec!);
  const asked = plannedRuns(loaded, methodList(flags.methods));
  const sizes = flags.batch === undefined ? null : integerList('batch', flags.batch);
  const [{ spec }] = asked;
  const prepared = prepare(spec, await loadMaterials(spec, loaded.base));
  const runs = await startedRuns(asked, prepared.deltaModel, loaded.base);
  const profile = await profileOf(flags.adapter);
  const rows = runs.flatMap((run) =>
    (sizes ?? [run.spec.training.batchSize]).flatMap((batchSize): PlanRow[] => {
      const sized = { ...run.spec, training: { ...run.spec.training, batchSize } };
      const stages = compileStages(prepared, sized, profile);
      progress(`Planned ${run.key} at batch size ${batchSize}`);
      return stages.map((compiled, i) => ({
        method: run.key,
        ...(run.spec.stages && { stage: i + 1 }),
        batchSize,
        trainableParameters: compiled.trainableParameters,
        totalParameters: compiled.totalParameters,
        dispatches: compiled.dispatches.compute + compiled.dispatches.update,
        predicted: compiled.memory,
      }));
    }),
  );
  if (json) printJson({ rows });
  else print(planTable(rows));
  return 0;
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
    if (input.method === undefined && input.stages === undefined) return comparisonSpecs(input, METHOD_TYPES);
    const spec = completeSpec(input);
    return [{ key: runMethod(spec), spec }];
  }
  return comparisonSpecs(input, methods);
}

function planTable(rows: readonly PlanRow[]): string {
  const head = ['method', 'batch', 'trained', 'dispatches', ...MEMORY_CATEGORIES, 'total'];
  const cells = rows.map((row) => [
    row.stage === undefined ? row.method : `${row.method} (stage ${row.stage})`,
    String(row.batchSize),
    row.trainableParameters.toLocaleString('en'),
    String(row.dispatches),
    ...MEMORY_CATEGORIES.map((category) => mebibytes(row.predicted[category])),
    mebibytes(row.predicted.total),
  ]);
  return tableText([head, ...cells]);
}
