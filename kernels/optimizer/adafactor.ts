/**
 * Adafactor (Shazeer and Stern, 2018), a tensor at a time, in the order of Hugging Face's `Adafactor`. Gradients count
 * as clipped: g = gradient · norm.scale. Nothing changes when norm.finite is 0. 1 − β₂ of the step is the step block's
 * beta2Correction. For a matrix [rows, columns] the second moment is a row factor [rows] and a column factor [columns].
 */
import { BETA2_CORRECTION, LEARNING_RATE } from '../common/step';
import { rowSum } from '../common/sums';
import { firstLanes, madd, nmadd, storeSome, sumLanes } from '../common/vector';

/** @inline */
function isFinite(norm: usize): boolean {
  return load<f32>(norm, 8) != 0;
}

/** The moving average of this step. @inline */
function averaged(before: f32, value: f32, fresh: f32): f32 {
  return (<f32>1 - fresh) * before + fresh * value;
}

/** Σ (factor·x)²; x: [count] */
function squareSum(x: usize, count: i32, factor: f32): f32 {
  const f = f32x4.splat(factor);
  let a = f32x4.splat(0);
  for (let i = 0; i < count; i += 4, x += 16) {
    const v = firstLanes(f32x4.mul(v128.load(x), f), count - i, 0);
    a = madd(v, v, a);
  }
  return sumLanes(a);
}

/** rowMoment[r] = β₂ rowMoment[r] + (1 − β₂)(mean g² + ε₁);  squares[r] = Σ p² of the row; squares: [rows] */
export function adafactorRows(
  part: i32,
  parts: i32,
  parameters: usize,
  gradients: usize,
  rowMoment: usize,
  squares: usize,
  norm: usize,
  step: usize,
  rows: i32,
  columns: i32,
  epsilon1: f32,
): void {
  if (!isFinite(norm)) return;
  const fresh = load<f32>(step, BETA2_CORRECTION);
  const scale = load<f32>(norm, 4);
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const at = (<usize>row) << 2;
    const offset = (<usize>(row * columns)) << 2;
    const mean = squareSum(gradients + offset, columns, scale) / <f32>columns;
    store<f32>(rowMoment + at, averaged(load<f32>(rowMoment + at), mean + epsilon1, fresh));
    store<f32>(squares + at, squareSum(parameters + offset, columns, 1));
  }
}

/** partial[part, c] = Σ g² over the rows of a part; partial: [parts, columns] */
export function adafactorColumns(
  part: i32,
  parts: i32,
  gradients: usize,
  partial: usize,
  norm: usize,
  rows: i32,
  columns: i32,
): void {
  const scale = v128.load32_splat(norm, 4);
  const each = (rows + parts - 1) / parts;
  const first = min(part * each, rows);
  const last = min(first + each, rows);
  const bytes = (<usize>columns) << 2;
  const to = partial + <usize>part * bytes;
  for (let c = 0; c < columns; c += 4) {
    const column = (<usize>c) << 2;
    let sum = f32x4.splat(0);
    for (let row = first; row < last; row++) {
      const g = f32x4.mul(v128.load(gradients + <usize>row * bytes + column), scale);
      sum = madd(g, g, sum);
    }
    if (columns - c >= 4) v128.store(to + column, sum);
    else storeSome(to + column, sum, columns - c);
  }
}

/** columnMoment[c] = β₂ columnMoment[c] + (1 − β₂)(mean over the rows of g² + ε₁). One part. partial: [blocks, columns] */
export function adafactorColumnMoment(
  part: i32,
  parts: i32,
  partial: usize,
  columnMoment: usize,
  norm: usize,
  step: usize,
  rows: i32,
  columns: i32,
  blocks: i32,
  epsilon1: f32,
): void {
  if (!isFinite(norm)) return;
  const fresh = load<f32>(step, BETA2_CORRECTION);
  for (let c = 0; c < columns; c++) {
    let sum: f32 = 0;
    for (let block = 0; block < blocks; block++)
      sum += load<f32>(partial + ((<usize>(block * columns + c)) << 2));
    const at = columnMoment + ((<usize>c) << 2);
    store<f32>(at, averaged(load<f32>(at), sum / <f32>rows + epsilon1, fresh));
  }
}

/** sums[r] = (Σ g² / columnMoment) / rowMoment[r]; sums: [rows] */
export function adafactorSums(
  part: i32,
  parts: i32,
  gradients: usize,
  rowMoment: usize,
  columnMoment: usize,
  sums: usize,
  norm: usize,
  rows: i32,
  columns: i32,
): void {
  const scale = v128.load32_splat(norm, 4);
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const start = gradients + ((<usize>(row * columns)) << 2);
    let sum = f32x4.splat(0);
    for (let c = 0; c < columns; c += 4) {
      const o = (<usize>c) << 2;
      const g = f32x4.mul(v128.load(start + o), scale);
      const term = f32x4.div(f32x4.mul(g, g), v128.load(columnMoment + o));
      sum = f32x4.add(sum, firstLanes(term, columns - c, 0));
    }
    store<f32>(sums + ((<usize>row) << 2), sumLanes(sum) / load<f32>(rowMoment + ((<usize>row) << 2)));
  }
}

/**
 * What the update of a matrix needs of all of it. One part.
 *   rate   = learning rate · (scaleParameter ? max(ε₂, rms(p)) : 1)
 *   rms(u) = √(mean(rowMoment)·Σ sums / n)
 *   stats  = [rate / max(1, rms(u) / clipThreshold) · √mean(rowMoment), rate · weightDecay]
 */
export function adafactorFinish(
  part: i32,
  parts: i32,
  rowMoment: usize,
  squares: usize,
  sums: usize,
  stats: usize,
  step: usize,
  rows: i32,
  columns: i32,
  scaleParameter: i32,
  epsilon2: f32,
  clipThreshold: f32,
  weightDecay: f32,
  learningRateScale: f32,
): void {
  const count = <f32>rows * <f32>columns;
  const moments = rowSum(rowMoment, rows) / <f32>rows;
  let rate = load<f32>(step, LEARNING_RATE) * learningRateScale;
  if (scaleParameter) rate *= max<f32>(epsilon2, sqrt<f32>(rowSum(squares, rows) / count));
  const rms = sqrt<f32>((moments * rowSum(sums, rows)) / count);
  store<f32>(stats, (rate / max<f32>(1, rms / clipThreshold)) * sqrt<f32>(moments));
  store<f32>(stats, rate * weightDecay, 4);
}

/**
 * u = g / √(rowMoment·columnMoment)·stats[0];  m = β₁m + (1 − β₁)u where there is a first moment, else m = u;
 * p = p − stats[1]·p − m. Without a first moment `first` repeats the parameters.
 */
export function adafactorApply(
  part: i32,
  parts: i32,
  parameters: usize,
  gradients: usize,
  rowMoment: usize,
  columnMoment: usize,
  first: usize,
  stats: usize,
  norm: usize,
  rows: i32,
  columns: i32,
  firstMoment: i32,
  beta1: f32,
  oneMinusBeta1: f32,
): void {
  if (!isFinite(norm)) return;
  const scale = load<f32>(norm, 4) * load<f32>(stats);
  const decay = v128.load32_splat(stats, 4);
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const start = (<usize>(row * columns)) << 2;
    const factor = f32x4.splat(scale / sqrt<f32>(load<f32>(rowMoment + ((<usize>row) << 2))));
    for (let c = 0; c < columns; c += 4) {
      const o = start + ((<usize>c) << 2);
      const root = f32x4.sqrt(v128.load(columnMoment + ((<usize>c) << 2)));
      let m = f32x4.div(f32x4.mul(v128.load(gradients + o), factor), root);
      const left = columns - c;
      if (firstMoment) {
        m = madd(f32x4.splat(beta1), v128.load(first + o), f32x4.mul(f32x4.splat(oneMinusBeta1), m));
        if (left >= 4) v128.store(first + o, m);
        else storeSome(first + o, m, left);
      }
      const before = v128.load(parameters + o);
      const p = f32x4.sub(nmadd(decay, before, before), m);
      if (left >= 4) v128.store(parameters + o, p);
      else storeSome(parameters + o, p, left);
    }
  }
}

/**
 * The update of one vector (or scalar), whose second moment is not factored: v = β₂v + (1 − β₂)(g² + ε₁);
 * u = g / √v / max(1, rms(u) / clipThreshold)·rate, the rest as above. One part. All: [count]
 */
export function adafactorVector(
  part: i32,
  parts: i32,
  parameters: usize,
  gradients: usize,
  moment: usize,
  first: usize,
  norm: usize,
  step: usize,
  count: i32,
  scaleParameter: i32,
  epsilon1: f32,
  epsilon2: f32,
  clipThreshold: f32,
  weightDecay: f32,
  learningRateScale: f32,
  firstMoment: i32,
  beta1: f32,
  oneMinusBeta1: f32,
): void {
  if (!isFinite(norm)) return;
  const scale = load<f32>(norm, 4);
  const fresh = load<f32>(step, BETA2_CORRECTION);
  let squares: f32 = 0;
  let updates: f32 = 0;
  for (let i = 0; i < count; i++) {
    const o = (<usize>i) << 2;
    const g = load<f32>(gradients + o) * scale;
    const v = averaged(load<f32>(moment + o), g * g + epsilon1, fresh);
    store<f32>(moment + o, v);
    const p = load<f32>(parameters + o);
    squares += p * p;
    updates += (g * g) / v;
  }
  let rate = load<f32>(step, LEARNING_RATE) * learningRateScale;
  if (scaleParameter) rate *= max<f32>(epsilon2, sqrt<f32>(squares / <f32>count));
  const factor = rate / max<f32>(1, sqrt<f32>(updates / <f32>count) / clipThreshold);
  for (let i = 0; i < count; i++) {
    const o = (<usize>i) << 2;
    let m = ((load<f32>(gradients + o) * scale) / sqrt<f32>(load<f32>(moment + o))) * factor;
    if (firstMoment) {
      m = beta1 * load<f32>(first + o) + oneMinusBeta1 * m;
      store<f32>(first + o, m);
    }
    const p = load<f32>(parameters + o);
    store<f32>(parameters + o, p - rate * weightDecay * p - m);
  }
}
