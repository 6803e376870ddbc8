/**
 * LoraHub (Huang et al., 2023): LoRAs of other tasks, each of whose factors count by a weight, so that
 * ΔW = (Σ wᵢBᵢ)(Σ wᵢAᵢ). The weights are searched for without gradients on a few examples of a new task, for the least
 * loss + 0.05 · the mean of |wᵢ|, each from −1.5 to 1.5.
 *
 * The search is a (1+1) evolution strategy whose step follows the one-fifth rule (Rechenberg, 1973; Kern et al., 2004):
 * a normal step around the best so far, 1.5 times longer after a success and 1.5^¼ times shorter after a failure.
 * (The authors take what Nevergrad chooses.) It begins with no adapter at all, as theirs, and with all alike.
 */
import { PhiloxStream } from '../../graph/philox.ts';

const PENALTY = 0.05;
const BOUND = 1.5;
const FIRST_STEP = 0.5;
const FACTOR = 1.5;
const STREAM = 0x10a;

export interface FoundWeights {
  weights: number[];
  /** Losses on the examples, without the penalty. */
  loss: number;
  /** Of the untuned model, under the adapters' mean head. */
  none: number;
  /** Of all adapters alike, 1/n each. */
  alike: number;
}

/**
 * @param count of the adapters
 * @param lossOf of the examples with such weights
 * @param evaluations how often it may ask, those of the two beginnings counted
 */
export async function searchWeights(
  count: number,
  lossOf: (weights: readonly number[]) => Promise<number>,
  { seed, evaluations }: { seed: number; evaluations: number },
): Promise<FoundWeights> {
  const judged = async (weights: number[]) => {
    const loss = await lossOf(weights);
    const size = weights.reduce((sum, weight) => sum + Math.abs(weight), 0) / count;
    return { weights, loss, judged: loss + PENALTY * size };
  };
  const none = await judged(Array<number>(count).fill(0));
  const alike = await judged(Array<number>(count).fill(1 / count));
  let best = alike.judged < none.judged ? alike : none;
  let step = FIRST_STEP;
  const random = new PhiloxStream(seed, STREAM);
  for (let asked = 2; asked < evaluations; asked++) {
    const next = await judged(
      best.weights.map((weight) => Math.min(BOUND, Math.max(-BOUND, weight + random.normal(step)))),
    );
    const better = next.judged < best.judged;
    if (better) best = next;
    step *= better ? FACTOR : FACTOR ** -0.25;
  }
  return { weights: best.weights, loss: best.loss, none: none.loss, alike: alike.loss };
}
