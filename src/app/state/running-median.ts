/** The median of numbers that keep coming: they are held in order, and a new one is put in its place. */
export class RunningMedian {
  #sorted = new Float64Array(64);
  #length = 0;

  add(value: number): void {
    if (this.#length === this.#sorted.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#sorted);
      this.#sorted = larger;
    }
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    this.#sorted.copyWithin(low + 1, low, this.#length);
    this.#sorted[low] = value;
    this.#length += 1;
  }

  /** Null before the first. */
  get value(): number | null {
    const half = this.#length >> 1;
    if (this.#length === 0) return null;
    return this.#length % 2 === 1 ? this.#sorted[half] : (this.#sorted[half - 1] + this.#sorted[half]) / 2;
  }
}
