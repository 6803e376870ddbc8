/** How a measurement reads. */
import { english } from '../src/sentence.ts';
import type { Measurement } from '../src/measure/measure.ts';
import { table } from './table.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The tables of a measurement. */
export function measurementText({
  adapter,
  peak,
  matmul,
  attention,
  steps,
  refused,
  forward,
  forwardRefused,
}: Measurement): string {
  return [
    `${adapter.description || adapter.vendor}: ${peak.gflops.toFixed(1)} GFLOP/s of multiply-adds, ${peak.gigabytesPerSecond.toFixed(1)} GB/s`,
    table(
      ['matmul', 'ms', 'GFLOP/s', 'of peak', 'kernel'],
      matmul.map(({ form, m, n, k, milliseconds, gflops, ofPeak, kernel }) => [
        `${form} ${m} × ${n} × ${k}`,
        milliseconds.toFixed(3),
        gflops.toFixed(1),
        percent(ofPeak),
        kernel,
      ]),
    ),
    table(
      ['attention', 'ms', 'GFLOP/s', 'of peak', 'kernel'],
      attention.map(({ batch, heads, tokens, dim, milliseconds, gflops, ofPeak, kernel }) => [
        `${batch} × ${heads} × ${tokens} × ${dim}`,
        milliseconds.toFixed(3),
        gflops.toFixed(1),
        percent(ofPeak),
        kernel,
      ]),
    ),
    table(
      ['training step', 'ms', 'tok/s', 'GFLOP/s', 'utilisation', 'dispatches', 'MiB', 'forecast'],
      steps.map((row) => [
        `h${row.hidden} × ${row.layers}, ${row.batchSize} × ${row.length} ${row.method}${row.recompute ? `, ${row.recompute}` : ''}`,
        row.milliseconds.toFixed(2),
        row.tokensPerSecond.toFixed(0),
        row.gflops.toFixed(1),
        percent(row.utilisation),
        `${row.dispatches}`,
        row.mebibytes.toFixed(1),
        row.forecastExact ? 'exact' : 'WRONG',
      ]),
    ),
    ...refused.map(
      ({ hidden, layers, batchSize, length, method, why }) =>
        `h${hidden} × ${layers}, ${batchSize} × ${length} ${method}: ${english(why)}`,
    ),
    ...(forward.length === 0
      ? []
      : [
          table(
            ['forward pass', 'ms', 'onnxruntime-web ms', 'times as fast', 'differ by'],
            forward.map((row) => [
              `h${row.hidden} × ${row.layers}, ${row.batchSize} × ${row.length}`,
              row.milliseconds.toFixed(2),
              row.theirs.toFixed(2),
              (row.theirs / row.milliseconds).toFixed(2),
              row.difference.toExponential(1),
            ]),
          ),
        ]),
    ...forwardRefused.map(({ hidden, layers, why }) => `h${hidden} × ${layers}: ${english(why)}`),
  ].join('\n\n');
}
