import { expect, it } from 'vitest';
import { completeSpec, readSpec } from '../runs/spec.ts';
import { runBatches } from './prepare.ts';
import type { Prepared } from './prepared.ts';

it('refuses a step of more micro-batches than there are rows', () => {
  const spec = completeSpec(
    readSpec({
      model: { source: 'm' },
      data: { train: 't.tsv' },
      method: { type: 'lora' },
      training: { gradientAccumulation: 19 },
    }),
  );
  expect(() => runBatches({ train: { rows: 18 } } as Prepared, spec)).toThrow(
    'training.gradientAccumulation: got 19 (a number); expected at most 18, the rows of the training set',
  );
});
