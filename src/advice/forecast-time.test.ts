import { describe, expect, it } from 'vitest';
import { forecastSeconds, type Sample } from './forecast-time.ts';
import type { Work } from './work.ts';

const adapter = { kind: 'wasm', software: true } as const;
const workOf = (calls: Work['calls']): Work => ({
  flops: calls.reduce((sum, { flops }) => sum + flops, 0),
  bytes: calls.reduce((sum, { bytes }) => sum + bytes, 0),
  dispatches: calls.length,
  calls,
});
const work = (scale: number): Work =>
  workOf(Array.from({ length: 100 }, () => ({ flops: 1e7 * scale, bytes: 1e6 * scale })));
const training = (scale: number, times: number) => ({ kind: 'training', times, work: work(scale) }) as const;

/** What an adapter takes that is `slow` times slower than the roofline says. */
function sampleOf(scale: number, slow: number, kind: Sample['kind'] = 'training'): Sample {
  const one = { kind: 'training', times: 1, work: work(scale) } as const;
  const ideal = forecastSeconds([one], [{ kind, work: work(1), seconds: 1 }], adapter)!;
  const unit = forecastSeconds([training(1, 1)], [{ kind, work: work(1), seconds: 1 }], adapter)!;
  return { kind, work: work(scale), seconds: (slow * ideal) / unit };
}

describe('the forecast of a run’s time', () => {
  it('is what a step took, as often as it comes', () => {
    const samples: Sample[] = [{ kind: 'training', work: work(1), seconds: 0.25 }];
    expect(forecastSeconds([training(1, 40)], samples, adapter)).toBeCloseTo(10);
  });

  it('grows with the arithmetic', () => {
    const samples = [sampleOf(1, 3)];
    const one = forecastSeconds([training(1, 1)], samples, adapter)!;
    expect(forecastSeconds([training(8, 1)], samples, adapter)! / one).toBeCloseTo(8, 0);
  });

  it('counts the traffic of what a method does to each weight beside the products, which do not hide it', () => {
    const products = Array.from({ length: 50 }, () => ({ flops: 2e7, bytes: 1e5 }));
    const passes = Array.from({ length: 50 }, () => ({ flops: 1e5, bytes: 1e7 }));
    const samples: Sample[] = [{ kind: 'training', work: workOf(products), seconds: 1 }];
    const both = { kind: 'training', times: 1, work: workOf([...products, ...passes]) } as const;
    // As much time again by the roofline: 1 ms a product, 1 ms a pass.
    expect(forecastSeconds([both], samples, adapter)).toBeCloseTo(2, 1);
  });

  it('lies between two samples for work between them, and follows the nearer one beyond', () => {
    const samples = [sampleOf(1, 2), sampleOf(16, 4)];
    const [low, middle, high, beyond] = [1, 4, 16, 64].map(
      (scale) => forecastSeconds([training(scale, 1)], samples, adapter)! / sampleOf(scale, 1).seconds,
    );
    expect(low).toBeCloseTo(2);
    expect(middle).toBeGreaterThan(2);
    expect(middle).toBeLessThan(4);
    expect(high).toBeCloseTo(4);
    expect(beyond).toBeCloseTo(4);
  });

  it('takes evaluations by what an evaluation took', () => {
    const samples = [sampleOf(1, 1), sampleOf(1, 5, 'evaluation')];
    const evaluation = { kind: 'evaluation', times: 1, work: work(2) } as const;
    const ratio =
      forecastSeconds([evaluation], samples, adapter)! / forecastSeconds([training(2, 1)], samples, adapter)!;
    expect(ratio).toBeCloseTo(5);
  });

  it('is unknown without a sample', () => {
    expect(forecastSeconds([training(1, 1)], [], adapter)).toBeNull();
  });
});
