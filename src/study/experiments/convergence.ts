/** How fast methods learn: by steps, by tokens and by the clock. */
import { mean } from '../../evidence/samples.ts';
import { studentInterval } from '../../evidence/student.ts';
import type { Band } from '../../evidence/report/curves.ts';
import { shortNumber } from '../../runs/svg-chart.ts';
import { inARow, named, say, type Sentence, type SentenceValue } from '../../sentence.ts';
import { numberCell, scoreCell } from '../cells-text.ts';
import type { CurvesFigure, Figure, TableFigure } from '../figures/figure.ts';
import { evaluated, methodGrid, shownMethod } from '../grid.ts';
import { groupedBy, lowerIsBetter, scoreOf, valuesOf } from '../scores.ts';
import { convergedAt, type Clock } from '../statistics/convergence.ts';
import type { Experiment, Result } from '../study.ts';
import { methodResults } from '../tasks-of.ts';

const METHODS = ['full', 'lora', 'adapter', 'prefix', 'prompt'];

const CLOCKS: readonly { clock: Clock; x: Sentence; title: (name: string) => Sentence }[] = [
  { clock: 'step', x: say`step`, title: (name) => say`Validation ${name} against steps` },
  { clock: 'tokens', x: say`tokens trained on`, title: (name) => say`Validation ${name} against tokens` },
  { clock: 'seconds', x: say`seconds of training`, title: (name) => say`Validation ${name} against time` },
];

/** The curve of some runs: the mean over tasks of each seed, and over seeds the mean and its band. */
export function curveOf(results: readonly Result[], clock: Clock): Band {
  const seeds = [...groupedBy(results, ({ cell }) => cell.factors.seed).values()].map((group) => {
    const points = new Map<number, { x: number[]; y: number[] }>();
    for (const { row } of group)
      for (const point of row.curve) {
        const at = points.get(point.step) ?? { x: [], y: [] };
        at.x.push(point[clock]);
        at.y.push(point.value);
        points.set(point.step, at);
      }
    // A step that some task did not come to would bend the mean.
    return new Map([...points].filter(([, { y }]) => y.length === group.length));
  });
  const steps = [...new Set(seeds.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  return steps.flatMap((step) => {
    const at = seeds.flatMap((points) => points.get(step) ?? []);
    if (at.length < seeds.length) return [];
    const values = at.map(({ y }) => mean(y));
    const y = mean(values);
    const [low, high] = studentInterval(values) ?? [y, y];
    return [
      {
        x: mean(at.map(({ x }) => mean(x))),
        y,
        low: Math.max(low, Math.min(...values)),
        high: Math.min(high, Math.max(...values)),
      },
    ];
  });
}

/** Runs that have a curve, by the metric that it is of. */
function withCurves(results: readonly Result[]): Map<string, Result[]> {
  const drawn = results.filter(({ row }) => row.status === 'done' && row.curve.length > 1);
  return groupedBy(drawn, ({ row }) => row.metric);
}

const convergedIn = ({ row }: Result, clock: Clock): number | null =>
  convergedAt(row.curve, clock, lowerIsBetter(row.metric));

/** The mean over those runs that come to it. */
export function convergedMean(results: readonly Result[], clock: Clock): number | null {
  const found = results.map((result) => convergedIn(result, clock)).filter((value) => value !== null);
  return found.length === 0 ? null : mean(found);
}

/** Methods with runs that begin where they end, and how many of how many. */
function notConverging(results: readonly Result[]): Sentence[] {
  const left = valuesOf(results, 'method').flatMap((name) => {
    const own = methodResults(results, name);
    const without = own.filter((result) => convergedIn(result, 'step') === null).length;
    return without === 0 ? [] : [say`${named(name)} (${without} of ${own.length})`];
  });
  return left.length === 0
    ? []
    : [say`Left out, since they begin within 5 % of where they end, runs of ${inARow(left)}.`];
}

function table(metric: string, results: readonly Result[]): TableFigure {
  return {
    kind: 'table',
    id: `converged-${metric}`,
    title: say`Until 95 % of the final ${metric}`,
    note: say`The first time that the validation score is 95 % of its last one, on the straight line between two evaluations; means over the runs that do not begin there.`,
    columns: [
      say`Method`,
      say`Steps`,
      say`Tokens`,
      say`Seconds`,
      say`Milliseconds a step`,
      say`Final ${metric}`,
    ],
    rows: valuesOf(results, 'method').map((name) => {
      const own = methodResults(results, name);
      const last = own.map(({ row }) => row.curve.at(-1)!);
      return [
        shownMethod(name),
        numberCell(convergedMean(own, 'step')),
        numberCell(convergedMean(own, 'tokens')),
        numberCell(convergedMean(own, 'seconds')),
        numberCell(mean(last.map(({ seconds, step }) => (1000 * seconds) / Math.max(1, step)))),
        scoreCell(metric, scoreOf(last.map(({ value }) => value))),
      ];
    }),
  };
}

function figures(results: readonly Result[]): Figure[] {
  return [...withCurves(results)].flatMap(([metric, own]) => [
    ...CLOCKS.map(({ clock, x, title }): CurvesFigure => ({
      kind: 'curves',
      id: `${clock}-${metric}`,
      title: title(metric),
      note: say`Means over tasks; bands are 95 % intervals over seeds, no wider than the seeds are apart.`,
      x,
      y: say`Validation ${metric}`,
      series: valuesOf(own, 'method').map((name) => ({
        name: shownMethod(name),
        band: curveOf(methodResults(own, name), clock),
      })),
    })),
    table(metric, own),
  ]);
}

function answer(results: readonly Result[]): Sentence[] {
  return [...withCurves(results)].flatMap(([metric, own]) => {
    const fastest = (clock: Clock): SentenceValue[] =>
      valuesOf(own, 'method')
        .map((name) => ({ name, at: convergedMean(methodResults(own, name), clock) }))
        .filter((one): one is { name: string; at: number } => one.at !== null)
        .sort((a, b) => a.at - b.at)
        .map(({ name, at }) => say`${named(name)} (${shortNumber(at)})`);
    const steps = fastest('step');
    if (steps.length === 0) return notConverging(own);
    return [
      say`Steps to 95 % of the final ${metric}, fewest first: ${inARow(steps)}.`,
      say`Seconds to the same: ${inARow(fastest('seconds'))}.`,
      ...notConverging(own),
    ];
  });
}

export const convergence: Experiment = {
  name: 'convergence',
  title: say`Convergence`,
  question: say`How many steps, tokens and seconds does each method need?`,
  finding: say`Full fine-tuning converges first, then adapters and LoRA about alike, then prefix tuning; prompt tuning is far behind. By the clock the deltas make up ground, since their steps are shorter.`,
  view: say`Optimisation: the same descent in fewer coordinates; how fast it goes says how well these are conditioned. Control: a controller that reaches every layer brings the output to its target in fewer steps than one at the input alone.`,
  methods: METHODS,
  cells: (study) => evaluated(methodGrid(study, METHODS)),
  figures,
  answer,
};
