/** What an experiment comes to before its first run: its cells, what is left of them, what that takes, what cannot be. */
import { StudioError } from '../../errors.ts';
import { english, say } from '../../sentence.ts';
import { cellGrid, type CellGrid } from '../cell-grid.ts';
import { EXPERIMENTS } from '../experiments/experiments.ts';
import { cellTold } from '../stored.ts';
import type { Cell, Row, Study } from '../study.ts';
import type { CellEstimate, Estimates } from './estimate.ts';
import type { StudyMaterials } from './materials.ts';

/** The cells of an experiment. @throws StudioError */
export async function cellsOf(study: Study, materials: StudyMaterials): Promise<CellGrid> {
  return cellGrid(await materials.cells(EXPERIMENTS[study.experiment].cells(study)));
}

export interface StudyTotals {
  cells: number;
  /** Trainings that are left. */
  runs: number;
  done: number;
  /** Cells that cannot begin. */
  refused: number;
  seconds: number;
  /** Of the largest cell that is left. */
  bytes: number;
}

/** What is left to do, and what it takes. */
export function totalsOf(
  cells: readonly Cell[],
  rows: ReadonlyMap<string, Row>,
  { known, refused }: Estimates,
): StudyTotals {
  const left = cells.filter(({ id }) => !rows.has(id));
  const estimates = left
    .map(({ id }) => known.get(id))
    .filter((one): one is CellEstimate => one !== undefined);
  return {
    cells: cells.length,
    runs: left.filter(({ id, kind }) => kind === 'train' && !refused.has(id)).length,
    done: cells.length - left.length,
    refused: left.filter(({ id }) => refused.has(id)).length,
    seconds: estimates.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    bytes: estimates.reduce((most, { memory }) => Math.max(most, memory.total), 0),
  };
}

/**
 * Methods that do not fit a model are refused before the first run; data that cannot be read and runs that are too
 * large cost their cells alone, unless there are no others.
 * @throws StudioError
 */
export function refuseUnfit(cells: readonly Cell[], { refused }: Estimates): void {
  const unfit = cells.filter(({ id }) => ['spec', 'unsupported'].includes(refused.get(id)?.code ?? ''));
  if (unfit.length === 0) {
    if (cells.length === 0 || refused.size < cells.length) return;
    throw refused.get(cells[0].id)!;
  }
  const [first] = unfit;
  const error = refused.get(first.id)!;
  throw new StudioError(
    error.code,
    unfit.length === 1
      ? say`${cellTold(first)} cannot run; leave it out of the study, or: ${error.sentence}`
      : unfit.length === 2
        ? say`${cellTold(first)} and 1 more cell cannot run; leave them out of the study, or: ${error.sentence}`
        : say`${cellTold(first)} and ${unfit.length - 1} more cells cannot run; leave them out of the study, or: ${error.sentence}`,
    {
      ...(error.where !== undefined && { where: error.where }),
      details: unfit.map((cell) => say`${cellTold(cell)}: ${english(refused.get(cell.id)!.sentence)}`),
    },
  );
}
