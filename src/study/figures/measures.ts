/** Pictures of what was measured of deltas: the loss around them, and the angles between those of tasks. */
import { mean } from '../../evidence/samples.ts';
import { shortNumber } from '../../runs/svg-chart.ts';
import { say, type Sentence } from '../../sentence.ts';
import { numberCell } from '../cells-text.ts';
import { measured } from '../grid.ts';
import type { Angles, Result, Surface } from '../study.ts';
import type { Figure } from './figure.ts';

interface Place {
  model: string;
  data: string;
  surface: Surface;
}

function surfacesOf(results: readonly Result[]): Place[] {
  return measured(results, 'surface').flatMap(({ cell, row }) =>
    row.surface === undefined
      ? []
      : [{ model: cell.factors.model, data: cell.factors.data, surface: row.surface }],
  );
}

/** The loss at a place, null where it is none. */
function lossAt({ along, across, losses }: Surface, a: number, b: number): number | null {
  const value = losses[across.indexOf(b)]?.[along.indexOf(a)] ?? null;
  return value !== null && Number.isFinite(value) ? value : null;
}

/** A map of each surface, and its two lines through what was learned and through the start. */
export function surfaceFigures(results: readonly Result[]): Figure[] {
  return surfacesOf(results).flatMap(({ model, data, surface }): Figure[] => {
    const { along, across } = surface;
    const line = (places: readonly number[], lossOf: (place: number) => number | null) =>
      places.flatMap((x) => {
        const y = lossOf(x);
        return y === null ? [] : [{ x, y, low: y, high: y }];
      });
    return [
      {
        kind: 'matrix',
        id: `surface-${model}-${data}`,
        title: say`Loss around full fine-tuning of ${model} on ${data}`,
        note: say`Columns go along the delta: 0 is the start, 1 what was learned. Rows go along a random direction, filter by filter as long as the delta (after Li et al. 2018). Mean loss of held-out rows.`,
        rows: across.map(String),
        columns: along.map(String),
        values: across.map((b) => along.map((a) => lossAt(surface, a, b))),
        digits: 2,
      },
      {
        kind: 'curves',
        id: `surface-lines-${model}-${data}`,
        title: say`Loss along the delta and along a random direction, ${model} on ${data}`,
        note: say`The random line goes through what was learned, which is at 0 on it.`,
        x: say`lengths of the delta`,
        y: say`loss`,
        series: [
          { name: say`delta`, band: line(along, (a) => lossAt(surface, a, 0)) },
          { name: say`random direction`, band: line(across, (b) => lossAt(surface, 1, b)) },
        ],
      },
    ];
  });
}

export function surfaceAnswer(results: readonly Result[]): Sentence[] {
  const found = surfacesOf(results).flatMap(({ surface }) => {
    const [start, learned, up, down] = [
      lossAt(surface, 0, 0),
      lossAt(surface, 1, 0),
      lossAt(surface, 1, 1),
      lossAt(surface, 1, -1),
    ];
    if (start === null || learned === null || up === null || down === null) return [];
    return [{ fell: start - learned, rose: (up + down) / 2 - learned }];
  });
  if (found.length === 0) return [];
  const [fell, rose] = [mean(found.map((one) => one.fell)), mean(found.map((one) => one.rose))];
  return [
    say`Along the delta the loss of held-out rows changes by ${signed(-fell)}; from there, as far along a random direction, by ${signed(rose)} (means over ${found.length} surfaces).`,
  ];
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${shortNumber(Math.abs(value))}`;

interface Pair {
  model: string;
  one: string;
  other: string;
  angles: Angles;
}

function pairsOf(results: readonly Result[]): Pair[] {
  return measured(results, 'angles').flatMap(({ cell: { factors }, row }) =>
    row.angles === undefined
      ? []
      : [{ model: factors.model, one: factors.data, other: factors.source ?? '', angles: row.angles }],
  );
}

export function angleFigures(results: readonly Result[]): Figure[] {
  const pairs = pairsOf(results);
  return [...new Set(pairs.map(({ model }) => model))].map((model): Figure => ({
    kind: 'table',
    id: `angles-${model}`,
    title: say`Principal angles between LoRA's deltas of two tasks, ${model}`,
    note: say`Of what each delta adds to the outputs of a layer, means over the layers. Overlap is the mean square of the cosines: 1 for the same subspace.`,
    columns: [say`Task`, say`Another`, say`Smallest angle in degrees`, say`Overlap`, say`Overlap by chance`],
    rows: pairs
      .filter((pair) => pair.model === model)
      .map(({ one, other, angles }) => [
        one,
        other,
        numberCell(angles.smallest, 1),
        numberCell(angles.overlap, 3),
        numberCell(angles.byChance, 3),
      ]),
  }));
}

export function angleAnswer(results: readonly Result[]): Sentence[] {
  const pairs = pairsOf(results).map(({ angles }) => angles);
  if (pairs.length === 0) return [];
  const overlap = mean(pairs.map((one) => one.overlap));
  const chance = mean(pairs.map(({ byChance }) => byChance));
  return [
    say`LoRA's deltas of two tasks overlap by ${overlap.toFixed(3)}, random subspaces by ${chance.toFixed(3)} (means over ${pairs.length} pairs).`,
  ];
}
