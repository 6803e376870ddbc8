/** Trains one cell of a study in the page, and goes on with it where it was cut off. */
import type { ReadableFolder } from '../../models/files.ts';
import type { Studio } from '../../plan/studio.ts';
import { summarize } from '../../runs/summary.ts';
import { rowOfRun } from '../../study/row-of-run.ts';
import type { CellStore } from '../../study/storage/cell-store.ts';
import { startedSpec } from '../../study/started-spec.ts';
import type { Cell, Row } from '../../study/study.ts';
import type { TrainedCell } from '../../study/work/run-cells.ts';
import { CheckpointTimer } from '../../train/checkpoint.ts';
import { compare } from '../../train/comparison.ts';
import type { During } from '../../train/during.ts';
import type { RunEvent } from '../../train/events.ts';
import type { Prepared } from '../../train/prepared.ts';

export interface PageCell extends TrainedCell {
  store: CellStore;
  during: During;
  /** Opens the adapter that a spec of the person's names. */
  openFolder: (name: string) => ReadableFolder;
  /** Hears every event as it comes. */
  heard: (event: RunEvent) => void;
}

/** Before the identity of a cell whose adapter a run starts from, or is a fusion of. */
const START = 'study:';

/**
 * @returns the cell's row; null where it was stopped before its end, or lost its device
 * @throws StudioError('storage')
 */
export async function trainPageCell(
  studio: Studio,
  prepared: Prepared,
  cell: Cell,
  { store, during, openFolder, heard, control, start, fused, keepsAdapter }: PageCell,
): Promise<Row | null> {
  const created = new Date().toISOString();
  const earlier = await store.kept(cell.id);
  const events: RunEvent[] = [...(earlier?.events ?? [])];
  const problems: unknown[] = [];
  let row: Row | null = null;
  const starts = {
    ...(start !== undefined && { start: `${START}${start}` }),
    ...(fused !== undefined && { adapters: fused.map((id) => `${START}${id}`) }),
  };
  const timer = new CheckpointTimer();
  await compare(studio, prepared, {
    runs: [{ key: cell.id, spec: startedSpec(cell, starts) }],
    order: 'oneAfterAnother',
    controls: new Map([[cell.id, control]]),
    emit: (_, event) => {
      events.push(event);
      heard(event);
    },
    ended: async ({ adapter }) => {
      const summary = summarize(events);
      const whole = ENDED.includes(summary.reason);
      if (!whole && summary.reason !== 'failed') return;
      row = rowOfRun(cell, summary, events, created);
      // Figures need no weights: adapters of hundreds of cells would fill the storage.
      if (whole) await store.finish(cell.id, keepsAdapter ? adapter : null);
    },
    openFolder: (name) =>
      name.startsWith(START)
        ? { read: (file) => store.adapterFile(name.slice(START.length), file) }
        : openFolder(name),
    ...(earlier !== null && { resume: new Map([[cell.id, earlier.state]]) }),
    checkpoints: () => ({
      due: (afterEvaluation) => problems.length === 0 && timer.due(afterEvaluation),
      keep: async (state) => {
        const from = performance.now();
        try {
          await store.keep(cell.id, events, state);
        } catch (error) {
          problems.push(error);
          control.stop();
        }
        timer.taken(performance.now() - from);
      },
    }),
    during,
    leaveWaiting: true,
    references: true,
  });
  if (problems.length > 0) throw problems[0];
  return row;
}

/** Ends after which nothing is left to do. */
const ENDED: readonly unknown[] = ['completed', 'earlyStopped', 'nonFinite'];
