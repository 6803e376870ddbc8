/**
 * How long a run will take: the arithmetic of its plans, at the speed that a few steps showed on this adapter.
 *
 * A dispatch takes the longer of its arithmetic and its traffic (the roofline of Williams et al. 2009), and some
 * time of its own. What an adapter makes of that is measured: the work of a few steps, and the seconds they took.
 * Other work is taken to be as much slower or faster than the roofline says as its nearest neighbours were.
 */
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { CountedWork, Work } from './work.ts';

/** A step or a batch of an evaluation that was timed. */
export interface Sample {
  kind: 'training' | 'evaluation';
  work: Work;
  seconds: number;
}

/** What an adapter of a kind is like; only proportions matter, since its speed is measured. */
interface Roofline {
  flopsPerSecond: number;
  bytesPerSecond: number;
  secondsPerDispatch: number;
}

const ROOFLINES = {
  wasm: { flopsPerSecond: 2e10, bytesPerSecond: 1e10, secondsPerDispatch: 5e-6 },
  software: { flopsPerSecond: 1e10, bytesPerSecond: 5e9, secondsPerDispatch: 5e-5 },
  gpu: { flopsPerSecond: 2e12, bytesPerSecond: 2e11, secondsPerDispatch: 1e-5 },
} as const satisfies Record<string, Roofline>;

function rooflineOf({ kind, software }: Pick<AdapterProfile, 'kind' | 'software'>): Roofline {
  if (kind === 'wasm') return ROOFLINES.wasm;
  return software ? ROOFLINES.software : ROOFLINES.gpu;
}

/** Seconds by the roofline: products do not hide the traffic of what stands beside them. */
function costOf({ calls }: Work, roofline: Roofline): number {
  const { flopsPerSecond, bytesPerSecond, secondsPerDispatch } = roofline;
  return calls.reduce(
    (sum, { flops, bytes }) =>
      sum + Math.max(flops / flopsPerSecond, bytes / bytesPerSecond) + secondsPerDispatch,
    0,
  );
}

/**
 * Seconds that work will take; without compiling and loading. Of a run's, what is not `scoring` is what its `end` event
 * counts.
 * @param work of the run (`workOfStages`)
 * @param samples timed on the adapter, at least one
 * @returns null without a sample
 */
export function forecastSeconds(
  work: readonly CountedWork[],
  samples: readonly Sample[],
  adapter: Pick<AdapterProfile, 'kind' | 'software'>,
): number | null {
  if (samples.length === 0) return null;
  const roofline = rooflineOf(adapter);
  return work.reduce((sum, { kind, times, work: one }) => {
    const cost = costOf(one, roofline);
    const like = kind === 'training' ? kind : 'evaluation';
    return sum + times * cost * slowness(cost, like, samples, roofline);
  }, 0);
}

/** How much slower than the roofline work of some cost is: as its neighbours on either side were. */
function slowness(
  cost: number,
  kind: Sample['kind'],
  samples: readonly Sample[],
  roofline: Roofline,
): number {
  const alike = samples.filter((sample) => sample.kind === kind);
  const known = (alike.length > 0 ? alike : samples)
    .map(({ work, seconds }) => ({ at: costOf(work, roofline), seconds }))
    .sort((a, b) => a.at - b.at);
  const above = known.findIndex(({ at }) => at >= cost);
  const upper = known[above === -1 ? known.length - 1 : above];
  const lower = known[above === -1 ? known.length - 1 : Math.max(0, above - 1)];
  const low = lower.seconds / lower.at;
  const high = upper.seconds / upper.at;
  if (upper.at === lower.at) return (low + high) / 2;
  const share = Math.log(cost / lower.at) / Math.log(upper.at / lower.at);
  return low * (high / low) ** share;
}
