/**
 * The smallest real thing that trains: logistic regression over token counts, with true gradients and
 * AdamW in float64 on the CPU. It stands where a device would, so that the training loop is tested on
 * losses that fall, blow up and get lost for real reasons.
 */
import type { Batch } from '../../src/data/batch.ts';
import type { MemoryBytes } from '../../src/plan/plan.ts';
import type { Instance, StepResult, StepSettings } from '../../src/train/instance.ts';

export const VOCABULARY = 8;

const bytes: MemoryBytes = {
  frozenWeights: 0,
  trainable: (VOCABULARY + 1) * 2 * 4,
  gradients: (VOCABULARY + 1) * 2 * 4,
  optimizer: (VOCABULARY + 1) * 2 * 8,
  activations: 0,
  workspace: 0,
  batch: 0,
  total: (VOCABULARY + 1) * 2 * 16,
};

/** A device's queue: work completes in the order in which it was enqueued, some time later. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => T): Promise<T> {
    const next = this.#last.then(() => new Promise((resolve) => setTimeout(resolve, 0))).then(work);
    this.#last = next.catch(() => {});
    return next;
  }
}

export class LogisticInstance implements Instance {
  readonly trainables = [
    { name: 'classifier.weight', shape: [2, VOCABULARY] },
    { name: 'classifier.bias', shape: [2] },
  ];
  readonly trainableParameters = (VOCABULARY + 1) * 2;
  readonly totalParameters = (VOCABULARY + 1) * 2;
  readonly dispatches = { compute: 0, update: 0 };
  /** Steps enqueued and not yet complete, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;
  destroyed = false;
  /** Rejects the step with this number, as a lost device would. */
  failAt: { step: number; error: Error } | null = null;

  readonly #queue = new Queue();
  readonly #weight = new Float64Array(2 * VOCABULARY);
  readonly #bias = new Float64Array(2);
  readonly #moments = [new Float64Array((VOCABULARY + 1) * 2), new Float64Array((VOCABULARY + 1) * 2)];

  step(batches: readonly Batch[], settings: StepSettings): Promise<StepResult> {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return this.#queue.add(() => {
      this.inFlight--;
      if (this.failAt !== null && settings.optimizerStep >= this.failAt.step) throw this.failAt.error;
      return this.#update(batches, settings);
    });
  }

  #update(batches: readonly Batch[], { optimizerStep, learningRate }: StepSettings): StepResult {
    const gradient = new Float64Array((VOCABULARY + 1) * 2);
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    let loss = 0;
    for (const batch of batches) {
      const logits = this.#logits(batch);
      for (let row = 0; row < batch.rows; row++) {
        const [a, b] = [logits[row * 2], logits[row * 2 + 1]];
        const top = Math.max(a, b);
        const total = Math.exp(a - top) + Math.exp(b - top);
        const label = batch.labels[row];
        loss += (top + Math.log(total) - (label === 0 ? a : b)) / rows;
        const counts = features(batch, row);
        [a, b].forEach((logit, k) => {
          const d = (Math.exp(logit - top) / total - (label === k ? 1 : 0)) / rows;
          counts.forEach((count, j) => (gradient[k * VOCABULARY + j] += d * count));
          gradient[2 * VOCABULARY + k] += d;
        });
      }
    }
    const gradNorm = Math.hypot(...gradient);
    if (!Number.isFinite(gradNorm)) return { loss, gradNorm };
    const scale = Math.min(1, 1 / (gradNorm + 1e-6));
    const [m, v] = this.#moments;
    gradient.forEach((g, i) => {
      g *= scale;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const update =
        m[i] / (1 - 0.9 ** optimizerStep) / (Math.sqrt(v[i] / (1 - 0.999 ** optimizerStep)) + 1e-8);
      const target = i < 2 * VOCABULARY ? this.#weight : this.#bias;
      const at = i < 2 * VOCABULARY ? i : i - 2 * VOCABULARY;
      target[at] = Math.fround(target[at] - learningRate * update);
    });
    return { loss, gradNorm };
  }

  #logits(batch: Batch): Float64Array {
    const out = new Float64Array(batch.size * 2);
    for (let row = 0; row < batch.size; row++) {
      const counts = features(batch, row);
      for (let k = 0; k < 2; k++) {
        let sum = this.#bias[k];
        counts.forEach((count, j) => (sum += this.#weight[k * VOCABULARY + j] * count));
        out[row * 2 + k] = sum;
      }
    }
    return out;
  }

  forward(batch: Batch): Promise<Float32Array> {
    return this.#queue.add(() => Float32Array.from(this.#logits(batch)));
  }

  read(): Promise<Map<string, Float32Array>> {
    return this.#queue.add(
      () =>
        new Map([
          ['classifier.weight', Float32Array.from(this.#weight)],
          ['classifier.bias', Float32Array.from(this.#bias)],
        ]),
    );
  }

  write(tensors: ReadonlyMap<string, Float32Array>): void {
    this.#weight.set(tensors.get('classifier.weight') ?? this.#weight);
    this.#bias.set(tensors.get('classifier.bias') ?? this.#bias);
  }

  /** Moments as they are in float64, so that a resumed run can be compared bit for bit. */
  readMoments(): Promise<Map<string, Float32Array[]>> {
    return this.#queue.add(
      () => new Map([['classifier', this.#moments.map((values) => new Float32Array(values.slice().buffer))]]),
    );
  }

  writeMoments(moments: ReadonlyMap<string, readonly Float32Array[]>): void {
    moments.get('classifier')?.forEach((values, i) => this.#moments[i].set(new Float64Array(values.buffer)));
  }

  seek(): void {
    // No random streams here.
  }

  memory(): { predicted: MemoryBytes; allocated: MemoryBytes } {
    return { predicted: bytes, allocated: bytes };
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** Counts of every token in a row. */
function features(batch: Batch, row: number): number[] {
  const counts = new Array<number>(VOCABULARY).fill(0);
  for (let t = 0; t < batch.length; t++) {
    const at = row * batch.length + t;
    if (batch.inputs.attention_mask[at] === 1) counts[batch.inputs.input_ids[at]]++;
  }
  return counts;
}

/**
 * Rows that can be told apart: class 0 holds tokens 0 to 3, class 1 tokens 4 to 7, and in every fifth row
 * one token is of the other class.
 */
export function countingBatch(first: number, rows: number): Batch {
  const length = 4;
  const ids = new Int32Array(rows * length);
  const labels = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = first + r;
    labels[r] = row % 2;
    for (let t = 0; t < length; t++) {
      const other = row % 5 === 0 && t === 0;
      ids[r * length + t] = ((row * 3 + t) % 4) + 4 * (other ? 1 - labels[r] : labels[r]);
    }
  }
  return {
    size: rows,
    length,
    rows,
    inputs: { input_ids: ids, attention_mask: new Int32Array(rows * length).fill(1) },
    labels,
    weights: new Float32Array(rows).fill(1),
    indices: Array.from({ length: rows }, (_, r) => first + r),
    tokens: rows * length,
  };
}
