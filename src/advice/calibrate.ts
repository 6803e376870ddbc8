/** A few timed steps on the adapter at hand, from which the time of whole runs is forecast. */
import { shapeKey } from '../data/batch.ts';
import { evaluationBatches } from '../data/batching/batcher.ts';
import type { ComparisonRun, RunSpec } from '../runs/spec.ts';
import { stageRuns } from '../runs/spec.ts';
import type { CompiledRun } from '../train/compile.ts';
import { openInstance, type OpenRunOptions } from '../train/open-run.ts';
import { batchShape, runBatches } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { finalSets, validationSets } from '../train/scored-sets.ts';
import type { Studio } from '../plan/studio.ts';
import type { Sample } from './forecast-time.ts';
import { workOf } from './work.ts';

/** Steps that are timed after one that is not: the first makes things ready. */
const TIMED = 5;

export interface CompiledStages {
  run: ComparisonRun;
  /** Its stages, as `compileStages` gives them. */
  compiled: readonly CompiledRun[];
}

/** The runs to time: of those that can be, the lightest step and the heaviest. */
export function runsToTime(all: readonly CompiledStages[]): CompiledStages[] {
  const flops = ({ compiled }: CompiledStages): number => {
    const [first] = compiled[0].training.values();
    return workOf(first.plan, ['compute', 'update']).flops;
  };
  const sorted = [...all].sort((a, b) => flops(a) - flops(b));
  return sorted.length < 2 ? sorted : [sorted[0], sorted[sorted.length - 1]];
}

/**
 * Times a few steps and batches of an evaluation of each run.
 * @throws StudioError as a training does that cannot begin
 */
export async function calibrate(
  studio: Studio,
  prepared: Prepared,
  runs: readonly CompiledStages[],
  options: Pick<OpenRunOptions, 'openFolder'> & { now?: () => number } = {},
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { run } of runs) samples.push(...(await timeRun(studio, prepared, run.spec, options)));
  return samples;
}

async function timeRun(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  { openFolder, now = () => performance.now() }: Pick<OpenRunOptions, 'openFolder'> & { now?: () => number },
): Promise<Sample[]> {
  const [stage] = stageRuns(spec);
  const { instance, compiled } = await openInstance(studio, prepared, spec, stage, 0, { openFolder });
  const samples: Sample[] = [];
  try {
    // The longest batches of the first steps, so that few plans are made ready.
    const batches = runBatches(prepared, stage).step(1);
    const [{ plan }] = [compiled.training.get(shapeKey(batches[0], batches[0].task))!];
    const works = [workOf(plan, batches.length > 1 ? ['compute', 'accumulate'] : ['compute', 'update'])];
    const step = (n: number) => instance.step(batches.slice(0, 1), { optimizerStep: n, learningRate: 0 });
    samples.push({ kind: 'training', work: works[0], seconds: await timed(step, now) });
    const [scored] = [...validationSets(prepared, stage), ...finalSets(prepared, stage).slice(-1)];
    if (scored) {
      const [batch] = evaluationBatches(scored.data, batchShape(scored.prepared, scored.spec));
      const work = workOf(compiled.evaluation.get(shapeKey(batch, batch.task))!.plan, ['compute']);
      const forward = () =>
        stage.model.task === 'text2text' ? instance.tokenLosses(batch) : instance.forward(batch);
      samples.push({ kind: 'evaluation', work, seconds: await timed(forward, now) });
    }
    return samples;
  } finally {
    instance.destroy();
  }
}

/** Seconds of one piece of work: the median of a few, as a run meets what else the machine does. */
async function timed(work: (n: number) => Promise<unknown>, now: () => number): Promise<number> {
  await work(1);
  const taken: number[] = [];
  for (let n = 2; n <= TIMED + 1; n++) {
    const from = now();
    await work(n);
    taken.push(now() - from);
  }
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] / 1000;
}
