/**
 * The learning-rate range test of Smith (2017, "Cyclical learning rates for training neural networks", section 3.3):
 * a short training in which the rate grows from step to step shows where a method begins to learn and where it
 * diverges. Growth is exponential, the losses are smoothed with bias correction, and the test stops where they have
 * run away, as in fastai's `lr_find`.
 */

/** A rate and the smoothed loss of the steps up to it. */
export type RatePoint = [rate: number, loss: number];

export interface RateCurve {
  curve: RatePoint[];
  /** Null where no rate brought the loss down. */
  suggested: number | null;
  /** Rate at which the loss ran away; null where it never did. */
  diverges: number | null;
}

export interface RangeOptions {
  low: number;
  high: number;
  /** Steps from `low` to `high`. */
  steps: number;
  /** The loss is lowest at so many times the suggestion. */
  below?: number;
}

/** Steps of a test. */
export const RANGE_STEPS = 80;

/** The range around a default rate, which lies a third of the way up. */
export function rangeAround(rate: number): RangeOptions {
  return { low: rate / 50, high: rate * 400, steps: RANGE_STEPS };
}

/** The rate of a step, from 0. */
export function rateAt(step: number, { low, high, steps }: RangeOptions): number {
  return low * (high / low) ** (step / Math.max(1, steps - 1));
}

/** Share of the earlier losses in a smoothed one. */
const MEMORY = 0.9;
/** The loss has run away where it is so many times the first one, or above it and so many times the best. */
const TIMES_FIRST = 2;
const TIMES_BEST = 4;

/**
 * Batches that a test takes in turn. The same ones come round again and again, and a loss counts against what its
 * batch had before anything was learned: otherwise which rows a step got moves the curve more than its rate does.
 */
export const RANGE_BATCHES = 8;

/**
 * Takes steps at growing rates until the loss runs away, after one at rate 0 with each batch.
 * @param step takes one step with batch `batch`, from 0, and gives its loss before the update
 * @param goesOn asked before every step; false ends the test with what it has
 */
export async function rangeTest(
  step: (rate: number, batch: number) => Promise<number>,
  options: RangeOptions,
  goesOn: () => boolean = () => true,
): Promise<RateCurve> {
  const untouched: number[] = [];
  for (let batch = 0; batch < RANGE_BATCHES && goesOn(); batch++) untouched.push(await step(0, batch));
  const first = untouched.reduce((sum, loss) => sum + loss, 0) / untouched.length;
  const curve: RatePoint[] = [];
  let average = 0;
  let best = first;
  let diverges: number | null = null;
  for (let i = 0; i < options.steps && goesOn(); i++) {
    const rate = rateAt(i, options);
    const batch = i % RANGE_BATCHES;
    const loss = await step(rate, batch);
    average = MEMORY * average + (1 - MEMORY) * (loss - untouched[batch]);
    const smoothed = first + average / (1 - MEMORY ** (i + 1));
    if (!Number.isFinite(smoothed)) {
      diverges = rate;
      break;
    }
    curve.push([rate, smoothed]);
    best = Math.min(best, smoothed);
    if (smoothed > TIMES_FIRST * first || (smoothed > first && smoothed > TIMES_BEST * best)) {
      diverges = rate;
      break;
    }
  }
  return { curve, suggested: suggestRate(curve, first, diverges, options.below), diverges };
}

/** The least share of the first loss by which a descent shows. */
const LEAST_DESCENT = 0.03;
/** The loss is lowest at so many times the suggestion. */
const BELOW_LOWEST = 6;
/**
 * And of a head alone: over features that stay as they are its loss keeps falling while it learns the few rows of the
 * test by heart, up to rates at which it does worse on others (docs/advice.md).
 */
export const BELOW_LOWEST_OF_HEAD = 24;
/** A suggestion stays so many times below the rate at which the loss ran away. */
const BELOW_DIVERGENCE = 4;

/**
 * The rate to take, from the curve of a range test: usually a sixth of the one at which the loss was lowest. There larger
 * steps have just begun to undo what smaller ones learned; fastai takes a tenth of it (`minimum`), which with a curve
 * free of the rows' noise lies low.
 * @param first the loss before anything was learned
 * @returns in two digits; null where the loss never came down
 */
export function suggestRate(
  curve: readonly RatePoint[],
  first: number,
  diverges: number | null,
  below = BELOW_LOWEST,
): number | null {
  if (curve.length === 0) return null;
  const [rate, loss] = curve.reduce((low, point) => (point[1] < low[1] ? point : low));
  if (!(first - loss > LEAST_DESCENT * first)) return null;
  const most = diverges === null ? Infinity : diverges / BELOW_DIVERGENCE;
  return Number(Math.min(rate / below, most).toPrecision(2));
}
