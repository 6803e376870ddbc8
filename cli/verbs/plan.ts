/** `delta plan`: what each method would take at each batch size, before anything is allocated. */
import path from 'node:path';
import type { CompiledStages } from '../../src/advice/calibrate.ts';
import { timedSamples } from '../../src/advice/forecast-runs.ts';
import { examineRun, saidBefore } from '../../src/advice/examine.ts';
import { forecastSeconds } from '../../src/advice/forecast-time.ts';
import { workOfStages } from '../../src/advice/work.ts';
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import { StudioError } from '../../src/errors.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../src/plan/plan.ts';
import { methodRuns, completeSpec, runMethod, type ComparisonRun } from '../../src/runs/spec.ts';
import { english } from '../../src/sentence.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import type { CompiledRun } from '../../src/train/compile.ts';
import { prepare } from '../../src/train/prepare.ts';
import type { Prepared } from '../../src/train/prepared.ts';
import { compileStages } from '../../src/train/stages.ts';
import { integerList, methodList, UsageError, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadMaterials, startedRuns, loadSpec, openFolder, type LoadedSpec } from '../load.ts';
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
  /** How long all its steps and evaluations will take; null where no device could be timed. */
  seconds: number | null;
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
  planned?: CompiledStages;
}

export async function plan({ flags, json }: Arguments): Promise<number> {
  const loaded = await loadSpec(flags.spec!);
  const asked = plannedRuns(loaded, methodList(flags.methods));
  const sizes = flags.batch === undefined ? null : integerList('batch', flags.batch);
  const [{ spec }] = asked;
  const prepared = prepare(spec, await loadMaterials(spec, loaded.base));
  const runs = await startedRuns(asked, prepared.deltaModel, loaded.base);
  const cells = await onDevice(flags, async (profile, studio) => {
    const planned = runs.flatMap((run) =>
      (sizes ?? [run.spec.training.batchSize]).map((batchSize) =>
        planCell(prepared, run, batchSize, profile),
      ),
    );
    return studio === null ? planned : timedCells(studio, prepared, planned, loaded.base);
  });
  const rows = cells.flatMap(({ rows: some }) => some);
  // Where nothing can be planned, and not for want of room, there is no table to show.
  const refusals = cells.flatMap(({ refusal }) => refusal ?? []);
  const other = refusals.find(({ code }) => code !== 'device');
  if (refusals.length === cells.length && other) throw other;
  const facts = examineRun(prepared, spec).filter(({ weight }) => weight === 'fact');
  const notes = [...saidBefore(prepared, spec).all, ...facts.map(({ sentence }) => sentence)].map(english);
  if (json) printJson({ rows, notes });
  else print([planTable(rows), ...notes.map((note) => `note: ${note}`)].join('\n'));
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
    ...(compiled.fitted && { fitted: compiled.fitted }),
    seconds: null,
  }));
  return { rows, planned: { run: { ...run, spec: sized }, compiled: stages } };
}

/** The cells with the seconds that they will take, as steps of the smallest batch size let expect. */
async function timedCells(
  studio: Studio,
  prepared: Prepared,
  cells: readonly PlanCell[],
  base: string,
): Promise<PlanCell[]> {
  const planned = cells.flatMap((cell) => cell.planned ?? []);
  const sizeOf = ({ run }: CompiledStages): number => run.spec.training.batchSize;
  const least = Math.min(...planned.map(sizeOf));
  const small = planned.filter((one) => sizeOf(one) === least);
  const samples = await timedSamples(studio, prepared, small, {
    openFolder: (folder) => openFolder(path.resolve(base, folder)),
  });
  return cells.map((cell) => {
    if (cell.planned === undefined) return cell;
    const { run, compiled } = cell.planned;
    const stages = workOfStages(prepared, run.spec, compiled);
    const rows = cell.rows.map((row, i) =>
      'refused' in row
        ? row
        : {
            ...row,
            seconds: forecastSeconds(
              stages[i].filter(({ kind }) => kind !== 'scoring'),
              samples,
              studio.profile,
            ),
          },
    );
    return { ...cell, rows };
  });
}

/**
 * Kernels and alignments depend on the device, and its speed is measured. A machine without one can still plan, for
 * a device that has no more than WebGPU promises, and so can who asks for it.
 */
async function onDevice<Result>(
  { adapter: preference, limits }: Arguments['flags'],
  body: (profile: AdapterProfile, studio: Studio | null) => Promise<Result>,
): Promise<Result> {
  if (limits !== undefined) {
    if (limits !== 'default') throw new UsageError(`plan: --limits: got "${limits}"; expected default`);
    if (preference !== undefined)
      throw new UsageError('plan: --limits plans for a device that is not here; leave out --adapter');
    return body(DEFAULT_PROFILE, null);
  }
  let opened = false;
  try {
    return await withStudio({ adapter: preference }, (studio) => {
      opened = true;
      return body(studio.profile, studio);
    });
  } catch (error) {
    if (opened || preference !== undefined || !(error instanceof StudioError)) throw error;
    progress(`${error.message} The plan is for a GPU with WebGPU's default limits.`);
    return body(DEFAULT_PROFILE, null);
  }
}

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
  const head = ['method', 'batch', 'trained', 'dispatches', ...MEMORY_CATEGORIES, 'total', 'time'];
  const cells = rows.map((row) => [
    row.stage === undefined ? row.method : `${row.method} (stage ${row.stage})`,
    String(row.batchSize),
    row.trainableParameters.toLocaleString('en'),
    String(row.dispatches),
    ...MEMORY_CATEGORIES.map((category) => mebibytes(row.predicted[category])),
    mebibytes(row.predicted.total),
    row.seconds === null ? '–' : `${shortNumber(row.seconds)} s`,
  ]);
  const refused = all.flatMap((row) =>
    'refused' in row ? [`${row.method} at batch size ${row.batchSize}: ${row.refused}`] : [],
  );
  return [tableText([head, ...cells]), ...refused].join('\n');
}
