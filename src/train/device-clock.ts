/**
 * Whose time it was. Work on a device completes in the order in which it was enqueued, whichever run it
 * belongs to; so a piece of work took the time from its start, or from the completion before it if that
 * was later, to its own completion. All runs on a device share one clock.
 */
export class DeviceClock {
  readonly now: () => number;
  #last = -Infinity;

  /** @param now milliseconds from any origin, monotonic */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Milliseconds of the work that began (was enqueued) at `start` and is complete now. */
  charge(start: number): number {
    const completed = this.now();
    const milliseconds = completed - Math.max(start, this.#last);
    this.#last = completed;
    return Math.max(0, milliseconds);
  }
}
