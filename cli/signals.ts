/** What Ctrl-C, a scheduler's SIGTERM and a closed terminal ask for: an orderly end; the second time, any end. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds in which a signal that comes again is the same one: `timeout` and `npm run` pass on what the
 * terminal or they themselves have sent already.
 */
const ECHO = 1000;

export class Interrupts {
  /** When the first came. */
  #asked: number | null = null;
  #stop: (() => void) | null = null;
  readonly #listener = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (this.#asked !== null && now - this.#asked < ECHO) return;
    // With nothing to write yet, or asked again: leave at once, with the status that shells know.
    if (this.#asked !== null || this.#stop === null) process.exit(128 + constants.signals[signal]);
    this.#asked = now;
    this.#stop();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  /** From now on the first signal calls `stop`. */
  onFirst(stop: () => void): void {
    this.#stop = stop;
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
