/** How much a method's own size matters: rank, bottleneck, length. */
import { scoreText, signedDistance } from '../../evidence/figures.ts';
import type { Band } from '../../evidence/report/curves.ts';
import { inARow, named, say, type Sentence, type SentenceValue } from '../../sentence.ts';
import { overSeeds, sideOf } from '../beyond-chance.ts';
import { numberCell, scoreCell } from '../cells-text.ts';
import type { CurvesFigure, Figure, TableFigure } from '../figures/figure.ts';
import { everywhere, methodOf, scored, shownMethod } from '../grid.ts';
import { groupedBy, judgedSplit, scoreOf, valuesOf, type Score } from '../scores.ts';
import type { Draft, Experiment, GridMethod, Result, Study } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';
import { convergedMean } from './convergence.ts';

const METHODS = ['lora', 'adapter', 'prefix', 'prompt'];
const RANKS = [1, 4, 16, 64];
const BOTTLENECKS = [4, 16, 64, 256];
const LENGTHS = [1, 5, 20, 50];

/** Methods with the option that says how large they are. */
function varied({ options }: Study): { type: string; option: string; values: number[] }[] {
  const lengths = options.lengths ?? LENGTHS;
  return [
    { type: 'lora', option: 'rank', values: options.ranks ?? RANKS },
    { type: 'adapter', option: 'bottleneck', values: options.bottlenecks ?? BOTTLENECKS },
    { type: 'prefix', option: 'virtualTokens', values: lengths },
    { type: 'prompt', option: 'virtualTokens', values: lengths },
  ];
}

function methods(study: Study): GridMethod[] {
  const asked = new Set(study.entries(METHODS).map(({ method }) => (method as { type?: string }).type));
  return varied(study)
    .filter(({ type }) => asked.has(type))
    .flatMap(({ type, option, values }) => {
      const own = methodOf(study, type);
      const method = own.method as Record<string, unknown>;
      // A scale that follows the rank keeps the size of the update, so that the rank alone varies.
      const scaled = (value: number) => (type === 'lora' ? { alpha: 2 * value } : {});
      return values.map((value): GridMethod => ({
        ...own,
        name: type,
        method: { ...method, [option]: value, ...scaled(value) },
        value,
      }));
    });
}

function cells(study: Study): Draft[] {
  const grid = methods(study);
  return everywhere(study, (model, data) => scored(study.runs({ model, data, methods: grid })));
}

interface Point {
  value: number;
  score: Score | null;
  steps: number | null;
}

function pointsOf(results: readonly Result[], method: string): Point[] {
  const split = judgedSplit(results);
  const groups = groupedBy(methodResults(results, method), ({ cell }) => cell.factors.value ?? 0);
  return [...groups].map(([value, own]) => ({
    value,
    score: scoreOf(scoresBySeed(own, split)),
    steps: convergedMean(own, 'step'),
  }));
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const names = valuesOf(results, 'method');
  const bands = (pick: (point: Point) => Band[number] | null): CurvesFigure['series'] =>
    names.map((name) => ({
      name: shownMethod(name),
      band: pointsOf(results, name).flatMap((point) => pick(point) ?? []),
    }));
  const x = say`rank, bottleneck or length`;
  const table: TableFigure = {
    kind: 'table',
    id: 'sizes',
    title: say`Score and convergence by size`,
    columns: [say`Method`, say`Size`, say`Mean score`, say`Steps to 95 %`],
    rows: names.flatMap((name) =>
      pointsOf(results, name).map(({ value, score, steps }) => [
        shownMethod(name),
        numberCell(value),
        scoreCell(metric, score),
        numberCell(steps),
      ]),
    ),
  };
  return [
    {
      kind: 'curves',
      id: 'score',
      title: say`Score against a method's size`,
      note: say`Rank of LoRA, bottleneck of adapters, virtual tokens of prefix and prompt; bands are 95 % intervals over seeds.`,
      x,
      y: say`${metric}`,
      logarithmic: true,
      series: bands(({ value, score }) =>
        score === null
          ? null
          : {
              x: value,
              y: score.mean,
              low: score.interval?.[0] ?? score.mean,
              high: score.interval?.[1] ?? score.mean,
            },
      ),
    },
    {
      kind: 'curves',
      id: 'steps',
      title: say`Steps to 95 % of the final score against a method's size`,
      x,
      y: say`steps`,
      logarithmic: true,
      series: bands(({ value, steps }) =>
        steps === null ? null : { x: value, y: steps, low: steps, high: steps },
      ),
    },
    table,
  ];
}

interface Spread {
  name: string;
  low: number;
  high: number;
}

/** The means of each method's worst and best size. */
function spreadsOf(results: readonly Result[]): Spread[] {
  return valuesOf(results, 'method').flatMap((name) => {
    const means = pointsOf(results, name).flatMap(({ score }) => (score === null ? [] : [score.mean]));
    return means.length < 2 ? [] : [{ name, low: Math.min(...means), high: Math.max(...means) }];
  });
}

const withinOf = (spreads: readonly Spread[]): number =>
  Math.max(...spreads.map(({ low, high }) => high - low));

function betweenOf(spreads: readonly Spread[]): number {
  const best = spreads.map(({ high }) => high);
  return Math.max(...best) - Math.min(...best);
}

function decided(side: 'above' | 'below' | 'open', between: SentenceValue, within: SentenceValue): Sentence {
  switch (side) {
    case 'above':
      return say`The best sizes of methods lie further apart (${between}) than the sizes of any one method (${within}): structure decides.`;
    case 'below':
      return say`Sizes of one method lie further apart (up to ${within}) than the best sizes of methods (${between}): size matters here.`;
    default:
      return say`Which lie further apart cannot be told: the best sizes of methods (${between}), or the sizes of one method (up to ${within}).`;
  }
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const spreads = spreadsOf(results);
  const difference = overSeeds(results, (group) => {
    const own = spreadsOf(group);
    return own.length < 2 ? null : betweenOf(own) - withinOf(own);
  });
  if (spreads.length === 0) return [];
  const within = withinOf(spreads);
  const between = betweenOf(spreads);
  const ranges = inARow(
    spreads.map(
      ({ name, low, high }) => say`${named(name)} ${scoreText(metric, low)} – ${scoreText(metric, high)}`,
    ),
  );
  return [
    say`From worst to best size: ${ranges}.`,
    ...(spreads.length < 2 || difference === null
      ? []
      : [decided(sideOf(difference), signedDistance(metric, between), signedDistance(metric, within))]),
  ];
}

export const sensitivity: Experiment = {
  name: 'sensitivity',
  title: say`Sensitivity`,
  question: say`Does a method's size (rank, bottleneck, length) change what it reaches and how fast?`,
  finding: say`Within a method its size hardly matters; the structure of the method decides.`,
  view: say`Optimisation: growing the subspace beyond the intrinsic dimension gains nothing. Control: more control of the same kind at the same place reaches the same states.`,
  methods: METHODS,
  options: { ranks: RANKS, bottlenecks: BOTTLENECKS, lengths: LENGTHS },
  cells,
  figures,
  answer,
};
