/** Trains one cell in its folder, and goes on with it where it was cut off. */
import path from 'node:path';
import { emptyRow, rowOfRun } from '../../src/study/row-of-run.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import type { RunEnvironment } from '../../src/runs/record.ts';
import { toldOf } from '../../src/errors.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { say } from '../../src/sentence.ts';
import { CheckpointTimer } from '../../src/train/checkpoint.ts';
import { compare, type RunOutcome } from '../../src/train/comparison.ts';
import type { RunControl } from '../../src/train/control.ts';
import type { Prepared } from '../../src/train/prepare.ts';
import { recordRun } from '../../src/train/record-run.ts';
import { earlierRun, hasEnded, readEvents } from '../earlier-runs.ts';
import { openFolder } from '../load.ts';
import { RunFolder } from '../run-folder.ts';
import { WriteError } from '../whole-file.ts';

export interface TrainCellOptions {
  /** Of the cell. */
  folder: string;
  /** Folder that the spec's paths are relative to. */
  base: string;
  environment: RunEnvironment;
  control: RunControl;
}

/**
 * @returns the cell's row; null where it was stopped before its end, and goes on from its checkpoint another time
 * @throws StudioError('storage') for a disk that takes no more
 */
export async function trainCell(
  studio: Studio,
  prepared: Prepared,
  cell: Cell,
  { folder, base, environment, control }: TrainCellOptions,
): Promise<Row | null> {
  const created = new Date().toISOString();
  const earlier = earlierRun(folder);
  // Ended between its record and its row.
  if (earlier.kind === 'ended') return rowOfRun(cell, earlier.record.summary, readEvents(folder), created);
  const goesOn = earlier.kind === 'checkpoint';
  const files = new RunFolder(folder, goesOn ? earlier.events : []);
  const problems: WriteError[] = [];
  const write = (work: () => void): void => {
    try {
      if (problems.length === 0) work();
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      problems.push(error);
      control.stop();
    }
  };
  let row: Row | null = null;
  const ended = (outcome: RunOutcome): void => {
    const { summary, ...record } = recordRun(outcome, files.events, prepared, { created, environment, base });
    const whole = hasEnded(summary.reason);
    if (whole || summary.reason === 'failed') row = rowOfRun(cell, summary, files.events, created);
    // Figures need no weights: adapters of hundreds of cells would fill a disk.
    write(() => files.finish({ ...record, summary, adapterStep: null }, null, !whole));
  };
  files.open();
  try {
    const timer = new CheckpointTimer();
    await compare(studio, prepared, {
      runs: [{ key: cell.id, spec: cell.spec }],
      order: 'oneAfterAnother',
      controls: new Map([[cell.id, control]]),
      emit: (_, event) => write(() => files.add(event)),
      ended,
      openFolder: (name) => openFolder(path.resolve(base, name)),
      ...(goesOn && { resume: new Map([[cell.id, earlier.state]]) }),
      checkpoints: () => ({
        due: (afterEvaluation) => timer.due(afterEvaluation),
        keep: (state) => {
          const from = performance.now();
          write(() => files.keep(state));
          timer.taken(performance.now() - from);
        },
      }),
      leaveWaiting: true,
      references: true,
    });
  } finally {
    files.close();
  }
  if (problems.length > 0) throw problems[0];
  return row;
}

/** The row of a cell that could not begin. */
export function refusedRow(cell: Cell, error: unknown): Row {
  const { sentence, message } = toldOf(error);
  return { ...emptyRow(cell, new Date().toISOString()), status: 'refused', why: sentence ?? say`${message}` };
}
