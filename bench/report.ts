/** The tables that the benchmark prints. */
import type {
  Aim,
  BenchResults,
  ForecastRow,
  GenerationRow,
  LossMemoryRow,
  MatmulRow,
  PreparationRow,
  StackRow,
  T5StepRow,
} from './results.ts';
import type { Spent } from './peers/cases.ts';
import { methodCostTable } from './method-costs.ts';
import { mebibytes, table } from './table.ts';

/** `12.3 · 6.1`: on the clock, and by processor time. */
const both = ({ wall, cpu }: Spent, digits: number): string =>
  `${wall.toFixed(digits)} · ${cpu.toFixed(digits)}`;

export function matmulTable(rows: readonly MatmulRow[]): string {
  return table(
    [
      'matmul GFLOP/s: clock · a core',
      'M',
      'N',
      'K',
      'Delta',
      'TF.js',
      'jax-js',
      '×TF.js',
      '×jax-js',
      'kernel',
    ],
    rows.map((row) => [
      row.form,
      `${row.m}`,
      `${row.n}`,
      `${row.k}`,
      both(row.delta, 1),
      both(row.tfjs, 1),
      both(row.jax, 1),
      both({ wall: row.delta.wall / row.tfjs.wall, cpu: row.delta.cpu / row.tfjs.cpu }, 1),
      both({ wall: row.delta.wall / row.jax.wall, cpu: row.delta.cpu / row.jax.cpu }, 1),
      row.kernel,
    ]),
  );
}

const named = ({ stack, tokens }: StackRow): string =>
  `h${stack.hidden} ${tokens} tok (${stack.batchSize}×${stack.length})`;

export function stackTable(rows: readonly StackRow[]): string {
  const cells = rows.flatMap((row) =>
    row.methods.map((method) => [
      `${named(row)} ${method.method}`,
      both(method.milliseconds, 1),
      method.tokensPerSecond.toFixed(0),
      both(method.ratioToFull, 2),
      method.encodeMilliseconds.toFixed(2),
      `${method.dispatches.compute}+${method.dispatches.update}`,
      `${method.dispatchesPerLayer}`,
      mebibytes(method.memory.total),
      method.forecastIsExact ? 'exact' : 'OFF',
    ]),
  );
  return table(
    [
      'training step',
      'ms: clock · processor',
      'tok/s',
      '÷full',
      'encode ms',
      'dispatches',
      'a layer',
      'MiB',
      'forecast',
    ],
    cells,
  );
}

export function peerTable(rows: readonly StackRow[]): string {
  const cells = rows.flatMap((row) =>
    (['step', 'forward'] as const).map((what) => [
      `${named(row)} ${what === 'step' ? 'full step' : what}`,
      both(row[what].delta, 1),
      both(row[what].tfjs, 1),
      both(row[what].ratio, 2),
      what === 'step' ? row.lossDifference.toExponential(1) : '',
    ]),
  );
  return table(['ms: clock · processor', 'Delta', 'TF.js', 'times faster', 'loss differs by'], cells);
}

export function forecastTable(rows: readonly ForecastRow[]): string {
  return table(
    ['forecast MiB', 'full', 'lora', 'prompt', 'head'],
    rows.map(({ hidden, size, totals }) => [
      `h${hidden} batch ${size.batchSize} × ${size.length}`,
      ...(['full', 'lora', 'prompt', 'head'] as const).map((method) => mebibytes(totals[method])),
    ]),
  );
}

export function preparationTable(rows: readonly PreparationRow[]): string {
  return table(
    [
      'built-in, 3 lengths',
      'compile ms',
      'create ms',
      'first step ms',
      'steady ms',
      'pipelines',
      'dispatches',
    ],
    rows.map((row) => [
      row.method,
      row.compile.toFixed(0),
      row.create.toFixed(0),
      row.firstStep.toFixed(0),
      row.steadyStep.toFixed(0),
      `${row.pipelines}`,
      `${row.dispatches}`,
    ]),
  );
}

export function generationTable(rows: readonly GenerationRow[]): string {
  return table(
    ['generation', 'cached tok/s', 'recomputed tok/s', 'times faster', 'MiB', 'forecast'],
    rows.map((row) => [
      `h${row.hidden} ${row.layers}+${row.layers} layers, ${row.batchSize} × ${row.newTokens} tokens`,
      row.cached.toFixed(0),
      row.recomputed.toFixed(0),
      row.ratio.toFixed(2),
      mebibytes(row.memory.total),
      row.forecastIsExact ? 'exact' : 'WRONG',
    ]),
  );
}

export function t5StepTable(rows: readonly T5StepRow[]): string {
  const pair = ({ wall, cpu }: { wall: number; cpu: number }, digits: number): string =>
    `${wall.toFixed(digits)} · ${cpu.toFixed(digits)}`;
  return table(
    ['T5 training step', 'ms: clock · processor', '÷full', 'MiB', 'forecast'],
    rows.flatMap(({ hidden, layers, batchSize, length, targetLength, methods }) =>
      methods.map(({ method, milliseconds, ratioToFull, memory, forecastIsExact }) => [
        `h${hidden} ${layers}+${layers} layers, ${batchSize} × (${length} → ${targetLength}) ${method}`,
        pair(milliseconds, 1),
        pair(ratioToFull, 2),
        mebibytes(memory.total),
        forecastIsExact ? 'exact' : 'WRONG',
      ]),
    ),
  );
}

export function lossMemoryTable(rows: readonly LossMemoryRow[]): string {
  return table(
    ['working memory, MiB', 'in chunks', 'logits stored', 'share'],
    rows.map((row) => [
      `${row.rows} rows of ${row.hidden}, vocabulary ${row.vocabulary}`,
      mebibytes(row.chunks),
      mebibytes(row.stored),
      (row.chunks / row.stored).toFixed(3),
    ]),
  );
}

const aimTable = (aims: readonly Aim[]): string =>
  table(
    ['aim', 'measured', 'met'],
    aims.map(({ aim, measured, met }) => [aim, measured, met ? 'yes' : 'NO']),
  );

export function report(results: BenchResults): string {
  const { adapter, machine } = results;
  const load = Object.entries(results.measured)
    .map(([section, facts]) => `${section} ${facts.loadBefore.toFixed(1)}–${facts.loadAfter.toFixed(1)}`)
    .join(', ');
  const sections = [
    results.matmul.length > 0 && matmulTable(results.matmul),
    results.stacks.length > 0 && stackTable(results.stacks),
    results.stacks.length > 0 && peerTable(results.stacks),
    results.forecasts.length > 0 && forecastTable(results.forecasts),
    results.preparation.length > 0 && preparationTable(results.preparation),
    results.t5Steps.length > 0 && t5StepTable(results.t5Steps),
    results.generation.length > 0 && generationTable(results.generation),
    results.lossMemory.length > 0 && lossMemoryTable(results.lossMemory),
    results.methods.length > 0 && methodCostTable(results.methods),
    aimTable(results.aims),
  ];
  return [
    `${adapter.description} (${adapter.name}), ${machine.cores} cores ${machine.cpus}, load ${load}`,
    ...sections.filter((section) => section !== false),
  ].join('\n\n');
}
