/** Metrics against their definitions written out in NumPy and PyTorch (tools/metrics-golden.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeMetrics, type LogitTask } from '../../src/train/metrics/metrics.ts';

interface Case {
  outputs: number;
  logits: number[];
  labels: number[];
  metrics: Record<string, number>;
}
const golden = JSON.parse(readFileSync(new URL('./metrics.golden.json', import.meta.url), 'utf8')) as Record<
  LogitTask,
  Case[]
>;

for (const task of ['classification', 'regression'] as const)
  describe(task, () => {
    golden[task].forEach(({ outputs, logits, labels, metrics }, i) => {
      it(`case ${i + 1}: ${labels.length} rows of ${outputs}`, () => {
        const computed = computeMetrics(task, logits, labels, outputs);
        expect(Object.keys(computed).sort()).toEqual(Object.keys(metrics).sort());
        for (const [name, value] of Object.entries(metrics)) expect(computed[name]).toBeCloseTo(value, 12);
      });
    });
  });
