/**
 * Calibration: how far a classifier's confidence is its accuracy. Reliability diagram and expected calibration error
 * after Naeini et al. 2015, temperature scaling after Guo et al. 2017.
 */

/** Bins of equal width over confidences from 0 to 1, open below and closed above. */
export const CALIBRATION_BINS = 15;

export interface ReliabilityBin {
  /** Rows whose confidence lies in the bin. */
  rows: number;
  /** Means over those rows; 0 without any. */
  confidence: number;
  accuracy: number;
}

export interface Reliability {
  bins: ReliabilityBin[];
  /** Mean distance of accuracy and confidence over the bins, by their rows. */
  ece: number;
}

/**
 * @param logits row-major [rows, outputs]
 * @param labels class of every row
 * @param temperature logits are divided by it
 */
export function reliability(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  outputs: number,
  temperature = 1,
): Reliability {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ rows: 0, confidence: 0, accuracy: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const { confidence, predicted } = surest(logits, row * outputs, outputs, temperature);
    const bin =
      bins[Math.min(CALIBRATION_BINS - 1, Math.max(0, Math.ceil(confidence * CALIBRATION_BINS) - 1))];
    bin.rows++;
    bin.confidence += confidence;
    if (predicted === labels[row]) bin.accuracy++;
  }
  let ece = 0;
  for (const bin of bins) {
    if (bin.rows === 0) continue;
    ece += Math.abs(bin.accuracy - bin.confidence) / labels.length;
    bin.confidence /= bin.rows;
    bin.accuracy /= bin.rows;
  }
  return { bins, ece };
}

/** The likeliest class, the first of equals, and its probability. */
function surest(logits: ArrayLike<number>, from: number, outputs: number, temperature: number) {
  let predicted = 0;
  for (let c = 1; c < outputs; c++) if (logits[from + c] > logits[from + predicted]) predicted = c;
  const most = logits[from + predicted];
  let total = 0;
  for (let c = 0; c < outputs; c++) total += Math.exp((logits[from + c] - most) / temperature);
  return { predicted, confidence: 1 / total };
}

/** Temperatures are sought between one over this and this. */
const MOST_TEMPERATURE = 100;

/**
 * The temperature with the least cross-entropy. It is convex in β = 1 / T: its slope there, the mean of
 * E_p[z] − z_label, rises, so halving finds where it is zero. Rows that are all answered rightly would have T go to
 * 0, and rows that say nothing to infinity: the ends of the range then.
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  outputs: number,
): number {
  let [low, high] = [1 / MOST_TEMPERATURE, MOST_TEMPERATURE];
  for (let i = 0; i < 100; i++) {
    const middle = Math.sqrt(low * high);
    if (slope(logits, labels, outputs, middle) < 0) low = middle;
    else high = middle;
  }
  return 1 / Math.sqrt(low * high);
}

/** Of the mean cross-entropy, by β. */
function slope(logits: ArrayLike<number>, labels: ArrayLike<number>, outputs: number, beta: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const from = row * outputs;
    let most = -Infinity;
    for (let c = 0; c < outputs; c++) most = Math.max(most, logits[from + c]);
    let total = 0;
    let mean = 0;
    for (let c = 0; c < outputs; c++) {
      const weight = Math.exp(beta * (logits[from + c] - most));
      total += weight;
      mean += weight * logits[from + c];
    }
    sum += mean / total - logits[from + labels[row]];
  }
  return sum / labels.length;
}
