/** Pause, resume and stop of a run, asked for from outside and acted on between steps. */
export class RunControl {
  #paused = false;
  #stopped = false;
  #waiting: (() => void)[] = [];

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  /** Once stopped, always stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  pause(): void {
    this.#paused = true;
    this.#wake();
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** Resolves at the next call of `pause`, `resume` or `stop`. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
