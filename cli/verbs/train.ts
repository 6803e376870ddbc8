/** `delta train`: one method, one folder. */
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { completeSpec, runMethod } from '../../src/runs/spec.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import type { Arguments } from '../arguments.ts';
import { loadSpec } from '../load.ts';
import { mebibytes, print, printJson } from '../output.ts';
import { failureOf, trainRuns } from '../train-runs.ts';

export async function train({ flags, json }: Arguments): Promise<number> {
  const { input, base } = await loadSpec(flags.spec!);
  const spec = completeSpec(input);
  const out = path.resolve(flags.out!);
  const key = runMethod(spec);
  const { runs } = await trainRuns([{ key, spec }], {
    base,
    adapter: flags.adapter,
    order: 'inTurn',
    folderOf: () => out,
  });
  const [{ record }] = runs;
  if (json) printJson({ out, ...record });
  else {
    const { best, last, lastLoss, memory, seconds, steps } = record.summary;
    const { metric } = spec.training;
    const parts = [`${key}: ${steps} steps in ${shortNumber(seconds)} s`];
    if (best) parts.push(`best ${metric} ${shortNumber(best.value)} at step ${best.step}`);
    if (last) parts.push(`last ${shortNumber(last.metrics[metric])}`);
    if (lastLoss !== null) parts.push(`last loss ${shortNumber(lastLoss)}`);
    if (memory) parts.push(mebibytes(memory.allocated.total));
    print(parts.join(', '));
    print(`Written to ${out}`);
  }
  const failure = failureOf(runs);
  if (failure !== null) throw new StudioError('training', failure);
  return 0;
}
