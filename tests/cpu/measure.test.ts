/** What the page and the bench measure of a device, on the processor, in the short run. */
import { expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { measure, type MeasureProgress } from '../../src/measure/measure.ts';
import { measurementText } from '../../bench/measurement-text.ts';

it('measures peaks, products, attention and training steps, tells how far it is, and can be ended', async () => {
  const { studio } = await openNodeStudio('wasm');
  try {
    const before = studio.memory.bytes.total;
    const told: MeasureProgress[] = [];
    const result = await measure(studio, { quick: true, tell: (progress) => told.push(progress) > 0 });
    const { peak, matmul, attention, steps, refused, adapter } = result!;
    expect(adapter.kind).toBe('wasm');
    expect(refused).toEqual([]);
    // One core does some GFLOP/s, and no machine a million.
    expect(peak.gflops).toBeGreaterThan(0.5);
    expect(peak.gflops).toBeLessThan(1e6);
    expect(peak.gigabytesPerSecond).toBeGreaterThan(0.1);
    expect(matmul.map(({ form }) => form)).toEqual(['NN', 'NT', 'TN']);
    for (const { gflops, milliseconds, m, n, k } of matmul)
      expect(gflops).toBeCloseTo((2 * m * n * k) / milliseconds / 1e6, 6);
    expect(attention.map(({ kernel }) => kernel)).toEqual(['attention/forward', 'attention/backward']);
    for (const { ofPeak } of [...matmul, ...attention]) expect(ofPeak).toBeGreaterThan(0);
    expect(steps.map(({ method, recompute }) => [method, recompute])).toEqual([
      ['full', undefined],
      ['full', 'layers'],
      ['lora', undefined],
      ['prompt', undefined],
      ['head', undefined],
    ]);
    expect(new Set(steps.map(({ forecastExact }) => forecastExact))).toEqual(new Set([true]));
    // The same weights and texts: what is made anew changes no loss.
    expect(steps[1].firstLoss).toBe(steps[0].firstLoss);
    for (const { utilisation, gflops } of steps) expect(utilisation).toBeCloseTo(gflops / peak.gflops, 9);
    expect(told.map(({ part, at, of }) => `${part} ${at}/${of}`)).toEqual([
      'peak 1/1',
      ...['matmul 1/3', 'matmul 2/3', 'matmul 3/3', 'attention 1/1'],
      ...['steps 1/5', 'steps 2/5', 'steps 3/5', 'steps 4/5', 'steps 5/5'],
    ]);
    expect(measurementText(result!)).toMatch(/GFLOP\/s of multiply-adds[^]*h64 × 2, 4 × 32 full, layers/);

    const ended = await measure(studio, { quick: true, tell: ({ part }) => part !== 'attention' });
    expect(ended).toBeNull();
    expect(studio.memory.bytes.total).toBe(before);
  } finally {
    studio.destroy();
  }
});
