/** Counts the time in which something runs. */
export class Stopwatch {
  #spent = 0;
  #since: number | null = null;
  readonly #now: () => number;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  reset(): void {
    this.#spent = 0;
    if (this.#since !== null) this.#since = this.#now();
  }

  running(on: boolean): void {
    if (on === (this.#since !== null)) return;
    if (this.#since !== null) this.#spent += this.#now() - this.#since;
    this.#since = on ? this.#now() : null;
  }

  get seconds(): number {
    const current = this.#since === null ? 0 : this.#now() - this.#since;
    return (this.#spent + current) / 1000;
  }
}
