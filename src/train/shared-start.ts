/**
 * What methods that start alike say of a set before their first step. A method whose delta changes nothing at
 * first answers as the untuned model does, so one look at all rows does for all of these: a run whose first
 * batch comes out as another's did takes over the rest. Whether methods start alike is measured, not assumed.
 */
import type { EncodedDataset } from '../data/batching/encoded.ts';

/** Metrics of a split and the logits behind them. */
export interface Evaluation {
  metrics: Record<string, number>;
  /** By row of the split, row-major [rows, outputs]. */
  logits: Float64Array;
}

/** Plans of different methods add up in different orders; a delta that does something moves logits by far more. */
const ALIKE = 1e-5;

export class SharedStart {
  readonly #known: { data: EncodedDataset; found: Evaluation }[] = [];

  /** Keeps what a run or the untuned model said of all rows. */
  add(data: EncodedDataset, found: Evaluation): void {
    this.#known.push({ data, found });
  }

  /**
   * What some earlier run said, where it said the same of the first rows; null otherwise.
   * @param indices rows of a batch
   * @param logits theirs, row-major [rows, outputs]
   */
  find(data: EncodedDataset, indices: readonly number[], logits: ArrayLike<number>): Evaluation | null {
    const outputs = logits.length / indices.length;
    const alike = ({ found }: { found: Evaluation }): boolean =>
      indices.every((row, i) => {
        for (let c = 0; c < outputs; c++) {
          const [mine, other] = [logits[i * outputs + c], found.logits[row * outputs + c]];
          if (!(Math.abs(mine - other) <= ALIKE * Math.max(1, Math.abs(other)))) return false;
        }
        return true;
      });
    return this.#known.find((one) => one.data === data && alike(one))?.found ?? null;
  }
}
