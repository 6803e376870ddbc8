import { say } from '../../sentence.ts';
import { expect, it, vi } from 'vitest';
import type { MemoryBytes } from '../../plan/plan.ts';
import type { SpecInput } from '../../runs/spec.ts';
import { BatchCurveQuestion, CURVE_BATCH_SIZES, type BatchCurves } from './batch-curve.ts';

const spec = (seed: number) =>
  ({
    training: { seed },
    compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }],
  }) as SpecInput;
const memory = (total: number) => ({ memory: { total } as MemoryBytes, message: null });

it('grows the curves of all runs, small batches first, and says what does not fit', async () => {
  const seen: BatchCurves[] = [];
  const asked: string[] = [];
  const question = new BatchCurveQuestion(
    async (_, run, size) => {
      asked.push(`${run} ${size}`);
      return run === 'head' && size === 64 ? { memory: null, message: say`too large` } : memory(size);
    },
    (curves) => seen.push(curves),
  );
  await question.start(spec(1), ['lora', 'head'], '');
  expect(asked.slice(0, 3)).toEqual(['lora 1', 'head 1', 'lora 8']);
  expect(seen[0]).toEqual({ lora: [{ batchSize: 1, total: 1, message: null }], head: [] });
  expect(seen.at(-1)?.lora.map(({ batchSize }) => batchSize)).toEqual([...CURVE_BATCH_SIZES]);
  expect(seen.at(-1)?.head.at(-1)).toEqual({ batchSize: 64, total: null, message: say`too large` });
});

it('asks nothing twice, and stops when something newer is asked', async () => {
  const ask = vi.fn(async (_: SpecInput, __: string, size: number) => memory(size));
  const tell = vi.fn();
  const question = new BatchCurveQuestion(ask, tell);
  await question.start(spec(1), ['lora', 'head'], '');
  expect(ask).toHaveBeenCalledTimes(8);
  await question.start(spec(1), ['lora', 'head'], '');
  expect(ask).toHaveBeenCalledTimes(8);
  const older = question.start(spec(2), ['lora', 'head'], '');
  question.cancel();
  await older;
  expect(ask).toHaveBeenCalledTimes(9);
});
