/**
 * Bounds the work of one submit. A browser shares the GPU with its compositor and kills what runs too long,
 * so a step is cut into submits of about 50 ms. How many operations that is, is learned from finished steps.
 */

/** Milliseconds of work in one submit. */
const BUDGET_MS = 50;
/** Every dispatch costs something, however little it computes: its share of the budget, in ms. */
const DISPATCH_MS = 0.03;
const INITIAL_RATE = { software: 2e6, gpu: 2e8 };

export class Pacer {
  /** Floating-point operations a millisecond. */
  private rate: number;
  private lastDone = 0;

  constructor(software: boolean) {
    this.rate = software ? INITIAL_RATE.software : INITIAL_RATE.gpu;
  }

  /** Indices after which to submit: the last one is always `flops.length`. */
  cuts(flops: readonly number[]): number[] {
    const cuts: number[] = [];
    let spent = 0;
    flops.forEach((work, index) => {
      const cost = work / this.rate + DISPATCH_MS;
      if (spent > 0 && spent + cost > BUDGET_MS) {
        cuts.push(index);
        spent = 0;
      }
      spent += cost;
    });
    cuts.push(flops.length);
    return cuts;
  }

  /** Learns from work that was submitted at `start` and finished at `end` (ms of one clock). */
  learn(flops: number, dispatches: number, start: number, end: number): void {
    // Work queues up: it began when what was before it ended.
    const milliseconds = end - Math.max(start, this.lastDone) - dispatches * DISPATCH_MS;
    this.lastDone = Math.max(this.lastDone, end);
    if (milliseconds < 1 || flops <= 0) return;
    const measured = flops / milliseconds;
    this.rate = Math.max(1e4, 0.7 * this.rate + 0.3 * measured);
  }
}
