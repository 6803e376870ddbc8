/**
 * The points of one curve, kept outside React: two typed arrays that double when full. Charts read a
 * downsampled copy a few times a second; every point stays.
 */
export class Series {
  #x = new Float64Array(256);
  #y = new Float64Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(x: number, y: number): void {
    if (this.#length === this.#x.length) {
      this.#x = grown(this.#x);
      this.#y = grown(this.#y);
    }
    this.#x[this.#length] = x;
    this.#y[this.#length] = y;
    this.#length += 1;
  }

  /** The last value, or null before the first. */
  last(): number | null {
    return this.#length === 0 ? null : this.#y[this.#length - 1];
  }

  /**
   * At most `limit` points that keep every local extreme's height: the points are cut into equal
   * buckets and each gives its lowest and its highest, in order of x. First and last always stay.
   */
  downsample(limit: number): [x: number, y: number][] {
    const point = (i: number): [number, number] => [this.#x[i], this.#y[i]];
    if (this.#length <= limit) return Array.from({ length: this.#length }, (_, i) => point(i));
    const buckets = Math.floor((limit - 2) / 2);
    const kept: number[] = [0];
    const inner = this.#length - 2;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const from = 1 + Math.floor((bucket * inner) / buckets);
      const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
      let low = from;
      let high = from;
      for (let i = from; i < to; i++) {
        if (this.#y[i] < this.#y[low]) low = i;
        if (this.#y[i] > this.#y[high]) high = i;
      }
      kept.push(Math.min(low, high));
      if (low !== high) kept.push(Math.max(low, high));
    }
    kept.push(this.#length - 1);
    return kept.map(point);
  }

  /** Exponential moving average of all points before downsampling, debiased as Adam's moments are. */
  smoothed(weight: number): Series {
    const out = new Series();
    let average = 0;
    let bias = 1;
    for (let i = 0; i < this.#length; i++) {
      const y = this.#y[i];
      if (!Number.isFinite(y)) {
        out.push(this.#x[i], y);
        continue;
      }
      average = weight * average + (1 - weight) * y;
      bias *= weight;
      out.push(this.#x[i], average / (1 - bias));
    }
    return out;
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
