/** A measurement as rows: of the page's tables, and of the picture. */
import { formatBytes, formatCount, formatFigures, formatMilliseconds, formatShare } from '../../format.ts';
import type { Dictionary } from '../../i18n/en.ts';
import type { Measurement } from '../../../measure/measure.ts';
import type { DrawnBar } from '../../take-along/drawn.ts';

export interface KernelRow {
  name: string;
  rate: string;
  /** Of the peak of multiply-adds, from 0 to 1. */
  share: number;
}

export interface StepTableRow extends KernelRow {
  milliseconds: string;
  tokens: string;
  memory: string;
}

const rateOf = (gflops: number): string => `${formatFigures(gflops, 3)} GFLOP/s`;

const sizes = (...numbers: number[]): string => numbers.map(formatCount).join(' × ');

/** Products by form and size: A·B, A·Bᵀ and Aᵀ·B. */
export function productRows({ matmul }: Measurement): KernelRow[] {
  const forms = { NN: 'A·B', NT: 'A·Bᵀ', TN: 'Aᵀ·B' };
  return matmul.map(({ form, m, n, k, gflops, ofPeak }) => ({
    name: `${forms[form]} ${sizes(m, n, k)}`,
    rate: rateOf(gflops),
    share: ofPeak,
  }));
}

/** Kernels of attention that multiply. */
export function attentionRows({ attention }: Measurement): KernelRow[] {
  return attention
    .filter(({ gflops }) => gflops > 0)
    .map(({ kernel, batch, heads, tokens, dim, gflops, ofPeak }) => ({
      name: `${kernel.replace('attention/', '')} ${sizes(batch, heads, tokens, dim)}`,
      rate: rateOf(gflops),
      share: ofPeak,
    }));
}

export function stepRows(
  { steps }: Measurement,
  text: Pick<Dictionary, 'device' | 'methodNames'>,
): StepTableRow[] {
  return steps.map((step) => ({
    name: `${step.recompute === 'layers' ? text.device.measure.anew(text.methodNames[step.method]) : text.methodNames[step.method]}, ${sizes(step.hidden, step.layers)}`,
    rate: rateOf(step.gflops),
    share: step.utilisation,
    milliseconds: formatMilliseconds(step.milliseconds),
    tokens: formatCount(Math.round(step.tokensPerSecond)),
    memory: formatBytes(step.mebibytes * 2 ** 20),
  }));
}

/** Forward passes of both engines. */
export function forwardRows({ forward }: Measurement): { name: string; cells: string[] }[] {
  return forward.map((row) => ({
    name: `${sizes(row.hidden, row.layers)}, ${sizes(row.batchSize, row.length)}`,
    cells: [
      formatMilliseconds(row.milliseconds),
      formatMilliseconds(row.theirs),
      formatFigures(row.theirs / row.milliseconds, 3),
      row.difference.toExponential(1),
    ],
  }));
}

/** The bars of the picture: what each reaches of the peak. @param colors of products, attention and steps */
export function measurementBars(
  measurement: Measurement,
  text: Pick<Dictionary, 'device' | 'methodNames'>,
  colors: readonly string[],
): DrawnBar[] {
  const groups = [productRows(measurement), attentionRows(measurement), stepRows(measurement, text)];
  return groups.flatMap((rows, group) =>
    rows.map(({ name, rate, share }) => ({
      name,
      parts: [{ share: Math.min(1, share), color: colors[group] }],
      text: `${rate} · ${formatShare(share, 1)}`,
    })),
  );
}
