/**
 * Memory of every method over batch sizes, after figure 9 of the delta tuning study. Each point is a plan
 * compiled in the worker, a few tenths of a second each, so they are asked for one by one: a newer question
 * stops an older one between two points, and what was answered once is remembered.
 */
import { type Sentence } from '../../sentence.ts';
import type { MemoryBytes } from '../../plan/plan.ts';
import type { SpecInput } from '../../runs/spec.ts';

export const CURVE_BATCH_SIZES = [1, 8, 32, 64] as const;

/** One point: bytes, or the sentence that says why it does not fit. */
export interface BatchPoint {
  batchSize: number;
  total: number | null;
  message: Sentence | null;
}

/** By run key, in ascending order of batch size; a curve that is being worked out lacks points. */
export type BatchCurves = Record<string, BatchPoint[]>;

interface Answer {
  memory: MemoryBytes | null;
  message: Sentence | null;
}

/** Points remembered; the oldest go first. */
const MOST_REMEMBERED = 400;

export class BatchCurveQuestion {
  readonly #ask: (spec: SpecInput, run: string, batchSize: number) => Promise<Answer>;
  readonly #tell: (curves: BatchCurves) => void;
  readonly #known = new Map<string, Answer>();
  #newest = 0;

  /** @param tell hears the curves as they grow */
  constructor(
    ask: (spec: SpecInput, run: string, batchSize: number) => Promise<Answer>,
    tell: (curves: BatchCurves) => void,
  ) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /**
   * Works out the curves of a spec's runs, small batches first.
   * @param identity tells apart models and datasets that carry the same name
   */
  async start(spec: SpecInput, runs: readonly string[], identity: string): Promise<void> {
    const mine = ++this.#newest;
    const curves: BatchCurves = Object.fromEntries(runs.map((run) => [run, []]));
    for (const batchSize of CURVE_BATCH_SIZES) {
      for (const [i, run] of runs.entries()) {
        const key = JSON.stringify([
          identity,
          spec.model,
          spec.data,
          spec.training,
          spec.compare?.[i],
          batchSize,
        ]);
        let answer = this.#known.get(key);
        if (answer === undefined) {
          try {
            answer = await this.#ask(spec, run, batchSize);
          } catch {
            // The forecast says what is the matter; a curve without points says no more.
            return;
          }
          // Another model or other data may have come meanwhile, which the answer is then about.
          if (this.#newest !== mine) return;
          this.#remember(key, answer);
        }
        curves[run] = [
          ...curves[run],
          { batchSize, total: answer.memory?.total ?? null, message: answer.message },
        ];
        this.#tell({ ...curves });
      }
    }
  }

  /** The device is wanted for something else, or model or data are about to change. */
  cancel(): void {
    this.#newest++;
  }

  #remember(key: string, answer: Answer): void {
    this.#known.set(key, answer);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(oldest);
  }
}
