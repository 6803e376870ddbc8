/** `delta train`: one method, one folder. */
import { StudioError } from '../../src/errors.ts';
import { fieldError } from '../../src/runs/refusal.ts';
import { writtenRecord } from '../../src/runs/record.ts';
import { seedsOf } from '../../src/runs/spec-seeds.ts';
import { completeSpec, runMethod } from '../../src/runs/spec.ts';
import { say } from '../../src/sentence.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import type { Arguments } from '../arguments.ts';
import { taskTable } from '../comparison-text.ts';
import { mebibytes, print, printJson, progress } from '../output.ts';
import { failureOf, trainRuns } from '../train-runs.ts';
import { openWork, type Work } from '../work.ts';

export async function train(args: Arguments): Promise<number> {
  const work = await openWork('train', args, (input) => {
    const spec = completeSpec(input);
    if (seedsOf(input).length > 1)
      throw fieldError(
        input.seeds === undefined ? 'repeats' : 'seeds',
        input.seeds ?? input.repeats,
        say`one seed, since one run is trained; "delta compare" trains every method with each`,
      );
    return [{ key: runMethod(spec), spec }];
  });
  try {
    return await trainOne(work, args);
  } finally {
    work.out.release();
  }
}

async function trainOne(work: Work, { flags, json }: Arguments): Promise<number> {
  const out = work.out.place;
  const { runs, stopped } = await trainRuns(work, {
    verb: 'train',
    adapter: flags.adapter,
    tune: flags.tune,
    order: 'inTurn',
    folderOf: () => out,
  });
  const [{ key, record }] = runs;
  if (json) printJson({ out, ...(writtenRecord(record) as object) });
  else {
    const { best, last, lastLoss, memory, seconds, steps } = record.summary;
    const { metric } = record.spec.training;
    const parts = [`${key}: ${steps} steps in ${shortNumber(seconds)} s`];
    if (best) parts.push(`best ${metric} ${shortNumber(best.value)} at step ${best.step}`);
    if (last) parts.push(`last ${shortNumber(last.metrics[metric])}`);
    if (lastLoss !== null) parts.push(`last loss ${shortNumber(lastLoss)}`);
    if (memory) parts.push(mebibytes(memory.allocated.total));
    print(parts.join(', '));
    const byTask = taskTable(runs);
    if (byTask !== '') print(byTask.trimEnd());
    print(`Written to ${out}`);
  }
  if (stopped) progress(`Go on with: delta train --resume ${out}`);
  const failure = failureOf(runs);
  if (failure !== null) throw new StudioError('training', failure);
  return 0;
}
