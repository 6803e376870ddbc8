/** Losses of an evaluation, in double precision from logits, as PyTorch defines them. */

/**
 * Mean cross-entropy: −log softmax(logits)[label], the largest logit taken out first.
 * @param logits row-major [rows, outputs]
 */
export function crossEntropy(logits: ArrayLike<number>, labels: ArrayLike<number>, outputs: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    let largest = -Infinity;
    for (let c = 0; c < outputs; c++) largest = Math.max(largest, logits[row * outputs + c]);
    let total = 0;
    for (let c = 0; c < outputs; c++) total += Math.exp(logits[row * outputs + c] - largest);
    sum += Math.log(total) + largest - logits[row * outputs + labels[row]];
  }
  return sum / labels.length;
}

/** Mean squared error. */
export function meanSquared(predicted: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (predicted[i] - targets[i]) ** 2;
  return sum / targets.length;
}
