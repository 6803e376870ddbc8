/** What a study will take: every cell's memory from its plan, and its time from a few steps of each model. */
import type { CompiledStages } from '../../advice/calibrate.ts';
import { runsToTime } from '../../advice/calibrate.ts';
import { timedSamples } from '../../advice/forecast-runs.ts';
import { forecastSeconds, type Sample } from '../../advice/forecast-time.ts';
import { workOfStages, type CountedWork } from '../../advice/work.ts';
import { StudioError } from '../../errors.ts';
import type { MemoryBytes } from '../../plan/plan.ts';
import type { Studio } from '../../plan/studio.ts';
import { say } from '../../sentence.ts';
import { nextTurn } from '../../steps.ts';
import { startsOf } from '../chain.ts';
import { canonical } from '../identity.ts';
import { cellTold } from '../stored.ts';
import type { Cell } from '../study.ts';
import { compileStages } from '../../train/stages.ts';
import type { Prepared } from '../../train/prepared.ts';
import { preparedKey, type StudyMaterials } from './materials.ts';
import { plannedSpec } from './planned-adapters.ts';

export interface CellEstimate {
  /** Null of a plan, and where no device could be timed. */
  seconds: number | null;
  memory: MemoryBytes;
  trainableParameters: number;
  totalParameters: number;
}

export interface Estimates {
  /** By cell. */
  known: ReadonlyMap<string, CellEstimate>;
  /** Why a cell cannot begin, by cell. */
  refused: ReadonlyMap<string, StudioError>;
}

/** What is known of cells that differ in their seed alone. */
interface Compiled extends Omit<CellEstimate, 'seconds'> {
  work: CountedWork[];
}

/** Of all cells; those of one seed stand for the others. */
export async function estimateCells(
  studio: Studio,
  materials: StudyMaterials,
  cells: readonly Cell[],
): Promise<Estimates> {
  const known = new Map<string, CellEstimate>();
  const refused = new Map<string, StudioError>();
  const samples = new Map<string, Sample[]>();
  for (const group of grouped(cells, preparedKey)) {
    const prepared = await attempt(() => materials.prepared(group[0]));
    if (prepared instanceof StudioError) {
      for (const { id } of group) refused.set(id, prepared);
      continue;
    }
    const { source } = group[0].spec.model;
    const toTime: CompiledStages[] = [];
    const found = new Map<Cell[], Compiled>();
    for (const alike of grouped(group, seedless)) {
      // Hundreds of plans are seconds each of a deep model: others are heard between them.
      await nextTurn();
      const planned = await attempt(() => {
        const spec = plannedSpec(alike[0], prepared.deltaModel);
        return { spec, stages: compileStages(prepared, spec, studio.profile) };
      });
      if (planned instanceof StudioError) {
        for (const { id } of alike) refused.set(id, planned);
        continue;
      }
      const { spec, stages } = planned;
      found.set(alike, compiledOf(prepared, { ...alike[0], spec }, stages));
      const trains = alike[0].kind === 'train' && alike[0].spec.training.steps > 0;
      if (trains && !samples.has(source)) toTime.push({ run: { key: alike[0].id, spec }, compiled: stages });
    }
    const openFolder = (name: string) => materials.folder(name);
    if (toTime.length > 0)
      samples.set(source, await timedSamples(studio, prepared, runsToTime(toTime), { openFolder }));
    for (const [alike, { work, ...sizes }] of found)
      for (const { id, kind } of alike)
        known.set(id, {
          ...sizes,
          seconds: kind !== 'train' ? null : forecastSeconds(work, samples.get(source) ?? [], studio.profile),
        });
  }
  for (const [cell, error] of startedFrom(cells, refused)) {
    refused.set(cell.id, error);
    known.delete(cell.id);
  }
  return { known, refused };
}

/** Cells that start from one that cannot run, or from one of these: neither can they. */
function startedFrom(
  cells: readonly Cell[],
  refused: ReadonlyMap<string, StudioError>,
): Map<Cell, StudioError> {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const found = new Map<Cell, StudioError>();
  const whyOf = (cell: Cell): StudioError | undefined => refused.get(cell.id) ?? found.get(cell);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const cell of cells) {
      if (whyOf(cell) !== undefined) continue;
      const starts = startsOf(cell).flatMap((id) => byId.get(id) ?? []);
      const start = starts.find((one) => whyOf(one) !== undefined);
      if (start === undefined) continue;
      const { code } = whyOf(start)!;
      found.set(cell, new StudioError(code, say`it starts from ${cellTold(start)}, which cannot run`));
    }
  }
  return found;
}

function compiledOf(
  prepared: Prepared,
  { kind, spec }: Cell,
  stages: ReturnType<typeof compileStages>,
): Compiled {
  const largest = stages.reduce((a, b) => (b.memory.total > a.memory.total ? b : a));
  return {
    memory: largest.memory,
    trainableParameters: Math.max(...stages.map(({ trainableParameters }) => trainableParameters)),
    totalParameters: Math.max(...stages.map(({ totalParameters }) => totalParameters)),
    work: kind !== 'train' ? [] : workOfStages(prepared, spec, stages).flat(),
  };
}

function seedless({ kind, spec, fused }: Cell): string {
  const { name: _, ...rest } = spec;
  const { splitSeed: __, ...data } = spec.data;
  const { seed: ___, ...training } = spec.training;
  return canonical({ ...rest, kind, data, training, fused: fused?.map(({ method }) => method) });
}

/** In the order in which each first occurs. */
export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

async function attempt<T>(work: () => T | Promise<T>): Promise<T | StudioError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
}
