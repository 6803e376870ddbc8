/** What Ctrl-C, a scheduler's SIGTERM and a closed terminal ask for: an orderly end; the second time, any end. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupts {
  #asked = false;
  #stop: (() => void) | null = null;
  readonly #listener = (signal: NodeJS.Signals) => {
    // With nothing to write yet, or asked again: leave at once, with the status that shells know.
    if (this.#asked || this.#stop === null) process.exit(128 + constants.signals[signal]);
    this.#asked = true;
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
