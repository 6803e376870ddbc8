/**
 * Charts are drawn one a frame, in the order in which they asked: several that have grown at the same moment
 * would otherwise make one long frame. A chart that asks again before its turn is drawn once, as it is then.
 */
export class DrawQueue {
  readonly #nextFrame: (work: () => void) => void;
  readonly #waiting = new Map<object, () => void>();
  #asked = false;

  /** @param nextFrame calls back before the next frame */
  constructor(nextFrame: (work: () => void) => void) {
    this.#nextFrame = nextFrame;
  }

  /** @param chart stands for itself: a later `draw` of the same one replaces the earlier */
  ask(chart: object, draw: () => void): void {
    this.#waiting.set(chart, draw);
    this.#plan();
  }

  /** A chart that is gone is not drawn. */
  drop(chart: object): void {
    this.#waiting.delete(chart);
  }

  #plan(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.#nextFrame(() => {
      this.#asked = false;
      const [first] = this.#waiting;
      if (first === undefined) return;
      this.#waiting.delete(first[0]);
      // The next one is planned first, so that a chart that fails holds up no other.
      this.#plan();
      first[1]();
    });
  }
}

/** The page's one queue. */
export const drawQueue = new DrawQueue((work) => requestAnimationFrame(work));
