/** Pause, single steps, resume and stop of a run, asked for from outside and acted on between steps. */
export class RunControl {
  #paused = false;
  #stopped = false;
  #hurried = false;
  /** Steps that it may yet take though it is paused. */
  #granted = 0;
  #waiting: (() => void)[] = [];

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  /** Once stopped, always stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Is it to end without being scored? */
  get hurried(): boolean {
    return this.#hurried;
  }

  /** Is there nothing for it to do until it is told? */
  get waits(): boolean {
    return this.paused && this.#granted === 0;
  }

  pause(): void {
    this.#paused = true;
    this.#wake();
  }

  /** Grants a paused run one step more; one that is not paused needs none. */
  step(): void {
    if (!this.paused) return;
    this.#granted++;
    this.#wake();
  }

  /** May it go on by one step now? Uses up what was granted. */
  takeTurn(): boolean {
    if (!this.paused) return true;
    if (this.#granted === 0) return false;
    this.#granted--;
    return true;
  }

  resume(): void {
    this.#paused = false;
    this.#granted = 0;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** Stops, or of a run that is stopping gives up its last scoring. */
  stopOrHurry(): void {
    this.#hurried = this.#stopped;
    this.stop();
  }

  /** Resolves at the next call of `pause`, `step`, `resume` or `stop`. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
