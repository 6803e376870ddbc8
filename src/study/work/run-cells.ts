/**
 * Works on the cells of a study that have no row yet. Several processes, or tabs, may do so in one place: each takes
 * a cell that nobody has, and in the end waits for those that others are at.
 */
import { StudioError, toldOf } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { Studio } from '../../plan/studio.ts';
import type { RunControl } from '../../train/control.ts';
import type { Prepared } from '../../train/prepared.ts';
import { emptyRow } from '../row-of-run.ts';
import { measureCell, type AdapterFiles } from '../measure/measure.ts';
import { startsOf } from '../chain.ts';
import { isFinal } from '../row.ts';
import { cellTold } from '../stored.ts';
import type { Cell, Row } from '../study.ts';
import type { StudyControl } from './control.ts';
import type { Estimates } from './estimate.ts';
import type { StudyMaterials } from './materials.ts';

/** Milliseconds between looks at what others have done. */
const LOOK_AGAIN = 1000;

/** How a cell is trained. */
export interface TrainedCell {
  control: RunControl;
  /** The cell whose delta it starts from. */
  start?: string;
  /** The cells whose adapters its fusion is over. */
  fused?: readonly string[];
  /** Does another cell start from what it leaves? */
  keepsAdapter: boolean;
}

/** Where a study is kept: a folder, or a browser's storage. */
export interface StudyPlace {
  /** As they are now. */
  rows: () => Promise<Map<string, Row>>;
  /** Has it stored when it resolves. @throws StudioError('storage') */
  append: (row: Row) => Promise<void>;
  /** Takes a cell; null when somebody else works on it. @returns gives it back */
  claim: (id: string) => Promise<(() => void) | null>;
  /** Does the adapter that a cell left lie there? */
  hasAdapter: (id: string) => Promise<boolean>;
  /**
   * Trains a cell, or goes on with it where it was cut off.
   * @returns its row; null where it was stopped before its end
   * @throws StudioError('storage') for storage that takes no more
   */
  train: (cell: Cell, prepared: Prepared, how: TrainedCell) => Promise<Row | null>;
  /** Opens the adapter that a cell left. */
  adapter: (id: string) => AdapterFiles;
}

/** What happens as cells are worked on. */
export type StudyEvent =
  | { type: 'begins'; cell: Cell }
  /** `done`: cells of the experiment that have ended by now. `left`: seconds that the others will take; null where nothing is known. */
  | { type: 'ended'; cell: Cell; row: Row; done: number; seconds: number; left: number | null }
  /** Others are at all cells that are left. */
  | { type: 'waits'; cells: number };

export interface RunCellsOptions {
  studio: Studio;
  place: StudyPlace;
  materials: StudyMaterials;
  estimates: Estimates;
  control: StudyControl;
  tell: (event: StudyEvent) => void;
}

/** Rows of cells that have nothing left to do. */
export async function finalRows(place: Pick<StudyPlace, 'rows'>): Promise<Map<string, Row>> {
  return new Map([...(await place.rows())].filter(([, row]) => isFinal(row)));
}

/**
 * @param cells all of the experiment
 * @returns was it stopped before its end?
 * @throws StudioError('storage') for storage that takes no more, ('device') for a device that is lost
 */
export async function runCells(cells: readonly Cell[], options: RunCellsOptions): Promise<boolean> {
  const { place, control, tell } = options;
  const rows = await finalRows(place);
  const chain = chainOf(cells);
  const left = new Map(cells.filter(({ id }) => !rows.has(id)).map((cell) => [cell.id, cell]));
  const clock = new Clock(left, options.estimates);
  let waiting = false;
  while (left.size > 0 && !control.stopped) {
    let taken = false;
    for (const cell of [...left.values()]) {
      // Its turn comes when what it starts from has ended.
      if (startsOf(cell).some((id) => left.has(id))) continue;
      const release = await place.claim(cell.id);
      if (release === null) continue;
      try {
        // Somebody else may have ended it before it was taken here.
        if (!(await finalRows(place)).has(cell.id)) {
          taken = true;
          tell({ type: 'begins', cell });
          const began = performance.now();
          const row = await rowOf(cell, chain, options);
          if (row === null) return true;
          await place.append(row);
          const seconds = (performance.now() - began) / 1000;
          const done = cells.length - left.size + 1;
          tell({ type: 'ended', cell, row, done, seconds, left: clock.took(cell, seconds) });
        }
        left.delete(cell.id);
      } finally {
        release();
      }
      if (control.stopped) return left.size > 0;
    }
    if (taken || left.size === 0) continue;
    if (!waiting) tell({ type: 'waits', cells: left.size });
    waiting = true;
    await wait();
  }
  return left.size > 0;
}

/** Cells by identity, and those that others start from. */
interface Chain {
  cells: ReadonlyMap<string, Cell>;
  sources: ReadonlySet<string>;
}

function chainOf(cells: readonly Cell[]): Chain {
  return {
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    sources: new Set(cells.flatMap(startsOf)),
  };
}

/** Null where it was stopped. */
async function rowOf(cell: Cell, chain: Chain, options: RunCellsOptions): Promise<Row | null> {
  const { place, estimates } = options;
  const refused = estimates.refused.get(cell.id);
  if (refused !== undefined) return refusedRow(cell, refused);
  if (cell.kind === 'plan') {
    const { memory, trainableParameters, totalParameters } = estimates.known.get(cell.id)!;
    const created = new Date().toISOString();
    return { ...emptyRow(cell, created), memory, trainableParameters, totalParameters };
  }
  try {
    for (const id of startsOf(cell)) {
      const source = chain.cells.get(id)!;
      const row = (await place.rows()).get(id);
      if (row === undefined || row.status !== 'done')
        throw new StudioError('training', say`it starts from ${cellTold(source)}, which came to nothing`);
      // An experiment that needed no weights has trained it: once more, for what it leaves.
      if (!(await place.hasAdapter(id)) && !(await left(source, chain, options))) return null;
    }
    if (cell.kind === 'train') return await trained(cell, chain, options);
    const { studio, materials, control } = options;
    const adapters = startsOf(cell).map((id) => place.adapter(id));
    return await measureCell(studio, await materials.prepared(cell), cell, adapters, control.next());
  } catch (error) {
    // What the storage or the device does is no result of the cell.
    if (!(error instanceof StudioError) || error.code === 'storage' || error.code === 'device') throw error;
    return refusedRow(cell, error);
  }
}

async function trained(
  cell: Cell,
  { sources }: Chain,
  { place, materials, control }: RunCellsOptions,
): Promise<Row | null> {
  const { from, fused } = cell;
  return place.train(cell, await materials.prepared(cell), {
    control: control.next(),
    keepsAdapter: sources.has(cell.id),
    ...(from !== undefined && { start: from }),
    ...(fused !== undefined && { fused: fused.map(({ id }) => id) }),
  });
}

/** Trains a cell for its adapter alone; false where it was stopped. */
async function left(source: Cell, chain: Chain, options: RunCellsOptions): Promise<boolean> {
  const { place, control } = options;
  while (!control.stopped) {
    const release = await place.claim(source.id);
    if (release !== null)
      try {
        return (await trained(source, chain, options)) !== null;
      } finally {
        release();
      }
    await wait();
    if (await place.hasAdapter(source.id)) return true;
  }
  return false;
}

/** How long what is left will take, at the pace that cells showed against their forecasts. */
class Clock {
  readonly #left: ReadonlyMap<string, Cell>;
  readonly #forecast: (id: string) => number;
  #taken = 0;
  #thought = 0;

  constructor(left: ReadonlyMap<string, Cell>, { known }: Estimates) {
    this.#left = left;
    this.#forecast = (id) => known.get(id)?.seconds ?? 0;
  }

  /** @returns seconds that the others will take; null where nothing is known */
  took({ id }: Cell, seconds: number): number | null {
    const thought = this.#forecast(id);
    if (thought === 0) return null;
    this.#taken += seconds;
    this.#thought += thought;
    const others = [...this.#left.keys()].filter((one) => one !== id);
    const rest = others.reduce((sum, one) => sum + this.#forecast(one), 0);
    return rest === 0 ? null : (rest * this.#taken) / this.#thought;
  }
}

/** The row of a cell that could not begin. */
function refusedRow(cell: Cell, error: unknown): Row {
  const { sentence, message } = toldOf(error);
  return { ...emptyRow(cell, new Date().toISOString()), status: 'refused', why: sentence ?? say`${message}` };
}

function wait(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
}
