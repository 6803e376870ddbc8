/**
 * Works on the cells of a study that have no row yet. Several processes may do so in one folder: each takes a cell
 * that nobody has, and in the end waits for those that others are at.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StudioError } from '../../src/errors.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { english, say } from '../../src/sentence.ts';
import { cellName } from '../../src/study/stored.ts';
import { emptyRow } from '../../src/study/row-of-run.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import { RunControl } from '../../src/train/control.ts';
import { environmentOf } from '../device.ts';
import { progress } from '../output.ts';
import { ADAPTER_NAME } from '../run-folder.ts';
import type { Interrupts } from '../signals.ts';
import type { Estimates } from './estimate.ts';
import type { StudyMaterials } from './materials.ts';
import type { StudyFolder } from './study-folder.ts';
import { durationText } from './text.ts';
import { refusedRow, trainCell } from './train-cell.ts';

/** Milliseconds between looks at what other processes have done. */
const LOOK_AGAIN = 1000;

export interface RunCellsOptions {
  studio: Studio;
  folder: StudyFolder;
  materials: StudyMaterials;
  estimates: Estimates;
  interrupts: Interrupts;
}

/**
 * @param cells all of the experiment
 * @returns was it stopped before its end?
 * @throws StudioError('storage') for a disk that takes no more
 */
export async function runCells(cells: readonly Cell[], options: RunCellsOptions): Promise<boolean> {
  const { folder, interrupts } = options;
  let control = new RunControl();
  let stopped = false;
  interrupts.onFirst(() => {
    progress(
      'Stopping after this step; the cell goes on from there another time. A second signal leaves at once.',
    );
    stopped = true;
    control.stop();
  });
  const rows = folder.finalRows();
  const chain = chainOf(cells);
  const left = new Map(cells.filter(({ id }) => !rows.has(id)).map((cell) => [cell.id, cell]));
  const clock = new Clock(left, options.estimates);
  let waiting = false;
  while (left.size > 0 && !stopped) {
    let taken = false;
    for (const cell of [...left.values()]) {
      // Its turn comes when what it starts from has ended.
      if (cell.from !== undefined && left.has(cell.from)) continue;
      const release = folder.claim(cell.id);
      if (release === null) continue;
      try {
        // Another process may have ended it before this one took it.
        const known = folder.finalRows().get(cell.id);
        if (known === undefined) {
          taken = true;
          control = new RunControl();
          const began = performance.now();
          const row = await rowOf(cell, chain, control, options);
          if (row === null) return true;
          folder.append(row);
          const count = cells.length - left.size + 1;
          const seconds = (performance.now() - began) / 1000;
          const before = clock.took(cell, seconds);
          tell(cell, row, `[${count}/${cells.length}]`, `${durationText(seconds)}${before}`);
        }
        left.delete(cell.id);
      } finally {
        release();
      }
      if (stopped || control.stopped) return left.size > 0;
    }
    if (taken || left.size === 0) continue;
    if (!waiting) progress(`Waiting for ${left.size} cells that other processes are at.`);
    waiting = true;
    await wait(LOOK_AGAIN);
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
    sources: new Set(cells.flatMap(({ from }) => from ?? [])),
  };
}

/** Null where it was stopped. */
async function rowOf(
  cell: Cell,
  chain: Chain,
  control: RunControl,
  options: RunCellsOptions,
): Promise<Row | null> {
  const { folder, estimates } = options;
  const refused = estimates.refused.get(cell.id);
  if (refused !== undefined) return refusedRow(cell, refused);
  if (cell.kind === 'plan') {
    const { memory, trainableParameters, totalParameters } = estimates.known.get(cell.id)!;
    const created = new Date().toISOString();
    return { ...emptyRow(cell, created), memory, trainableParameters, totalParameters };
  }
  try {
    if (cell.from === undefined) return await trained(cell, chain, control, options);
    const source = chain.cells.get(cell.from)!;
    const row = folder.rows().get(source.id);
    if (row === undefined || row.status !== 'done')
      throw new StudioError('training', say`it starts from ${cellName(source)}, which came to nothing`);
    const start = path.join(folder.cell(source.id), ADAPTER_NAME);
    // An experiment that needed no weights has trained it: once more, for what it leaves.
    if (!existsSync(start) && !(await left(source, chain, control, options))) return null;
    return await trained(cell, chain, control, options, start);
  } catch (error) {
    // What the disk or the device does is no result of the cell.
    if (!(error instanceof StudioError) || error.code === 'storage' || error.code === 'device') throw error;
    return refusedRow(cell, error);
  }
}

async function trained(
  cell: Cell,
  { sources }: Chain,
  control: RunControl,
  { studio, folder, materials }: RunCellsOptions,
  start?: string,
): Promise<Row | null> {
  return trainCell(studio, await materials.prepared(cell), cell, {
    folder: folder.cell(cell.id),
    base: materials.base,
    environment: environmentOf(studio),
    control,
    keepsAdapter: sources.has(cell.id),
    ...(start !== undefined && { start }),
  });
}

/** Trains a cell for its adapter alone; false where it was stopped. */
async function left(
  source: Cell,
  chain: Chain,
  control: RunControl,
  options: RunCellsOptions,
): Promise<boolean> {
  for (;;) {
    const release = options.folder.claim(source.id);
    if (release !== null)
      try {
        return (await trained(source, chain, control, options)) !== null;
      } finally {
        release();
      }
    await wait(LOOK_AGAIN);
    if (existsSync(path.join(options.folder.cell(source.id), ADAPTER_NAME))) return true;
  }
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

  /** @returns what to say of the time that the others will take; empty where nothing is known */
  took({ id }: Cell, seconds: number): string {
    const thought = this.#forecast(id);
    if (thought === 0) return '';
    this.#taken += seconds;
    this.#thought += thought;
    const others = [...this.#left.keys()].filter((one) => one !== id);
    const rest = others.reduce((sum, one) => sum + this.#forecast(one), 0);
    return rest === 0 ? '' : `; about ${durationText((rest * this.#taken) / this.#thought)} left`;
  }
}

function tell(cell: Cell, row: Row, count: string, time: string): void {
  const name = cellName(cell);
  if (row.status !== 'done') {
    progress(`${count} ${name}: ${row.status}: ${row.why === undefined ? '' : english(row.why)}`);
    return;
  }
  if (row.kind === 'plan') {
    progress(`${count} ${name}: ${((row.memory?.total ?? 0) / 2 ** 20).toFixed(1)} MiB`);
    return;
  }
  const { metric, scores } = row;
  const value = (scores.test ?? scores.validation)?.[metric];
  const score = value === undefined ? 'trained' : `${metric} ${shortNumber(value)}`;
  progress(`${count} ${name}: ${score} in ${time}`);
}
