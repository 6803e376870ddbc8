/** Trains one cell in its folder, and goes on with it where it was cut off. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { rowOfRun } from '../../src/study/row-of-run.ts';
import { startedSpec, type CellStarts } from '../../src/study/started-spec.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import type { RunEnvironment } from '../../src/runs/record.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { CheckpointTimer } from '../../src/train/checkpoint.ts';
import { compare, type RunOutcome } from '../../src/train/comparison.ts';
import type { RunControl } from '../../src/train/control.ts';
import type { Prepared } from '../../src/train/prepared.ts';
import { recordRun } from '../../src/train/record-run.ts';
import { earlierRun, hasEnded, readEvents } from '../earlier-runs.ts';
import { openFolder } from '../load.ts';
import { ADAPTER_NAME, RunFolder } from '../run-folder.ts';
import { WriteError } from '../whole-file.ts';

export interface TrainCellOptions {
  /** Of the cell. */
  folder: string;
  /** Folder that the spec's paths are relative to. */
  base: string;
  environment: RunEnvironment;
  control: RunControl;
  /** Folders of the adapters that it starts from, or is a fusion of. */
  starts: CellStarts;
  /** Does another cell start from what it leaves? */
  keepsAdapter: boolean;
}

/**
 * @returns the cell's row; null where it was stopped before its end, and goes on from its checkpoint another time
 * @throws StudioError('storage') for a disk that takes no more
 */
export async function trainCell(
  studio: Studio,
  prepared: Prepared,
  cell: Cell,
  { folder, base, environment, control, starts, keepsAdapter }: TrainCellOptions,
): Promise<Row | null> {
  const created = new Date().toISOString();
  const earlier = earlierRun(folder);
  // Ended between its record and its row.
  const left = !keepsAdapter || existsSync(path.join(folder, ADAPTER_NAME));
  if (earlier.kind === 'ended' && left)
    return rowOfRun(cell, earlier.record.summary, readEvents(folder), created);
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
    const { adapter, adapterStep } = outcome;
    const { summary, ...record } = recordRun(outcome, files.events, prepared, { created, environment, base });
    const whole = hasEnded(summary.reason);
    if (whole || summary.reason === 'failed') row = rowOfRun(cell, summary, files.events, created);
    // Figures need no weights: adapters of hundreds of cells would fill a disk.
    const kept = keepsAdapter && whole ? adapter : null;
    write(() => files.finish({ ...record, summary, adapterStep: kept && adapterStep }, kept, !whole));
  };
  files.open();
  try {
    const timer = new CheckpointTimer();
    await compare(studio, prepared, {
      runs: [{ key: cell.id, spec: startedSpec(cell, starts) }],
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
