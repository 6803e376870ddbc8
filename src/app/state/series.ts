/**
 * The points of one curve, kept outside React: typed arrays that double when full. Charts read them a few
 * times a second and draw a downsampled copy; every point stays.
 */

/** What a curve is drawn over: optimizer steps, the run's own seconds, or tokens trained on. */
export type XAxis = 'step' | 'seconds' | 'tokens';

export class Series {
  #axes: Record<XAxis, Float64Array<ArrayBuffer>> = {
    step: new Float64Array(256),
    seconds: new Float64Array(256),
    tokens: new Float64Array(256),
  };
  #y = new Float64Array(256);
  #length = 0;
  /** The moving average of the last weight asked for, as far as it has been worked out. */
  #smooth = { weight: -1, y: new Float64Array(0), length: 0, average: 0, bias: 1 };

  get length(): number {
    return this.#length;
  }

  /**
   * @param seconds that the run has taken so far
   * @param tokens that it has trained on so far
   */
  push(step: number, y: number, seconds = 0, tokens = 0): void {
    const at = this.#length;
    if (at === this.#y.length) {
      const { step: s, seconds: t, tokens: n } = this.#axes;
      this.#axes = { step: grown(s), seconds: grown(t), tokens: grown(n) };
      this.#y = grown(this.#y);
    }
    this.#axes.step[at] = step;
    this.#axes.seconds[at] = seconds;
    this.#axes.tokens[at] = tokens;
    this.#y[at] = y;
    this.#length = at + 1;
  }

  /** The last value, or null before the first. */
  last(): number | null {
    return this.#length === 0 ? null : this.#y[this.#length - 1];
  }

  /** Positions of all points, ascending: a view that later points do not change. */
  xs(axis: XAxis = 'step'): Float64Array {
    return this.#axes[axis].subarray(0, this.#length);
  }

  /** Values of all points: a view. */
  ys(): Float64Array {
    return this.#y.subarray(0, this.#length);
  }

  /**
   * Exponential moving average of all points before downsampling, debiased as Adam's moments are. It reads
   * only the past, so later points never change it. A value that is not finite is passed on and spoils
   * nothing after it.
   */
  smoothed(weight: number): Float64Array {
    if (this.#smooth.weight !== weight)
      this.#smooth = { weight, y: new Float64Array(this.#y.length), length: 0, average: 0, bias: 1 };
    const kept = this.#smooth;
    if (kept.y.length < this.#length) {
      const larger = new Float64Array(this.#y.length);
      larger.set(kept.y);
      kept.y = larger;
    }
    for (let i = kept.length; i < this.#length; i++) {
      const y = this.#y[i];
      if (Number.isFinite(y)) {
        kept.average = weight * kept.average + (1 - weight) * y;
        kept.bias *= weight;
        kept.y[i] = kept.average / (1 - kept.bias);
      } else kept.y[i] = y;
    }
    kept.length = this.#length;
    return kept.y.subarray(0, this.#length);
  }

  /** Does x lie beyond the last point? Steps are whole: what rounds to the last one is it. */
  isPast(axis: XAxis, x: number): boolean {
    const last = this.#axes[axis][this.#length - 1];
    return this.#length === 0 || (axis === 'step' ? Math.round(x) : x) > last;
  }

  /** Index of the last point at or before x, or the first; -1 without points. */
  indexAt(axis: XAxis, x: number): number {
    const xs = this.#axes[axis];
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (xs[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return this.#length === 0 ? -1 : low;
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
