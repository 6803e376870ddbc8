/** Trains the runs of `train` and `compare` and writes their folders as they end. */
import path from 'node:path';
import { totalSteps, type ComparisonRun } from '../src/runs/spec.ts';
import type { RunEnvironment, RunRecord } from '../src/runs/record.ts';
import type { RunEvent } from '../src/train/events.ts';
import { compare, type RunOutcome } from '../src/train/comparison.ts';
import { RunControl } from '../src/train/control.ts';
import { prepare } from '../src/train/prepare.ts';
import { recordRun } from '../src/train/record-run.ts';
import type { RunOrder } from '../src/train/schedule-runs.ts';
import { environmentOf, withStudio } from './device.ts';
import { loadMaterials, openFolder } from './load.ts';
import { progress } from './output.ts';
import { ProgressLines } from './progress.ts';
import { RunFolder } from './run-folder.ts';

export interface TrainedRun {
  outcome: RunOutcome;
  record: RunRecord;
  events: readonly RunEvent[];
}

export interface TrainOptions {
  base: string;
  adapter: string | undefined;
  order: RunOrder;
  /** Folder of a run, by key. */
  folderOf: (key: string) => string;
}

export interface TrainedRuns {
  runs: TrainedRun[];
  environment: RunEnvironment;
  notes: readonly string[];
}

/** Ctrl-C stops all runs between steps; a second one leaves at once. */
function stopOnInterrupt(controls: Iterable<RunControl>): () => void {
  let asked = false;
  const onInterrupt = () => {
    if (asked) process.exit(130);
    asked = true;
    progress('Stopping after this step and writing what there is; Ctrl-C again leaves at once.');
    for (const control of controls) control.stop();
  };
  process.on('SIGINT', onInterrupt);
  return () => process.off('SIGINT', onInterrupt);
}

/** @throws StudioError for whatever is wrong before the first step; a run that fails later is an outcome */
export async function trainRuns(runs: readonly ComparisonRun[], options: TrainOptions): Promise<TrainedRuns> {
  // Runs of a comparison differ in method and training; any that evaluates needs the validation file.
  const widest = runs.find(({ spec }) => spec.training.evaluateEvery > 0) ?? runs[0];
  const materials = await loadMaterials(widest.spec, options.base);
  const prepared = prepare(widest.spec, materials);
  for (const note of prepared.notes) progress(`Note: ${note}`);
  return withStudio(options.adapter, async (studio) => {
    const environment = environmentOf(studio);
    const folders = new Map(runs.map(({ key }) => [key, new RunFolder(options.folderOf(key))]));
    const controls = new Map(runs.map(({ key }) => [key, new RunControl()]));
    const lines = new ProgressLines(new Map(runs.map(({ key, spec }) => [key, totalSteps(spec)])));
    const created = new Date().toISOString();
    const trained: TrainedRun[] = [];
    const release = stopOnInterrupt(controls.values());
    try {
      await compare(studio, prepared, {
        runs,
        order: options.order,
        controls,
        openFolder: (folder) => openFolder(path.resolve(options.base, folder)),
        emit: (key, event) => {
          folders.get(key)!.add(event);
          lines.add(key, event);
        },
        ended: (outcome) => {
          const folder = folders.get(outcome.key)!;
          const record = recordRun(outcome, folder.events, prepared, {
            created,
            environment,
            base: options.base,
          });
          folder.finish(record, outcome.adapter);
          trained.push({ outcome, record, events: folder.events });
        },
      });
    } finally {
      release();
    }
    const order = runs.map(({ key }) => key);
    trained.sort((a, b) => order.indexOf(a.outcome.key) - order.indexOf(b.outcome.key));
    return { runs: trained, environment, notes: prepared.notes };
  });
}

/** Runs that did not come to a good end, as one line; null when all did. */
export function failureOf(runs: readonly TrainedRun[]): string | null {
  const failed = runs.filter(({ record }) =>
    ['failed', 'nonFinite', 'deviceLost'].includes(record.summary.reason),
  );
  if (failed.length === 0) return null;
  return failed
    .map(({ outcome, record }) => {
      const what = record.summary.message ?? record.summary.reason;
      return runs.length === 1 ? what : `${outcome.key}: ${what}`;
    })
    .join('; ');
}
