/** `NAME.json`: an experiment with its figures, drawn from the rows that are there. */
import { z } from 'zod';
import { parseJson } from '../json.ts';
import { english, named, say, type Sentence, type Told } from '../sentence.ts';
import type { CellGrid } from './cell-grid.ts';
import type { Figure } from './figures/figure.ts';
import { EXPERIMENTS } from './experiments/experiments.ts';
import { shownMethod } from './grid.ts';
import { noiseSentence } from './noise.ts';
import { groupedBy } from './scores.ts';
import {
  EXPERIMENT_NAMES,
  type Cell,
  type ExperimentName,
  type Measure,
  type Result,
  type Row,
  type Study,
} from './study.ts';

const FORMAT = 1;

export interface StoredExperiment {
  format: typeof FORMAT;
  experiment: ExperimentName;
  title: Sentence;
  question: Sentence;
  finding: Sentence;
  /** What of the grid stands in it under two names; absent where nothing does. */
  same?: Sentence[];
  answer: Sentence[];
  figures: Figure[];
  cells: { done: number; missing: number };
  failed: { cell: string; name: Told; why: Sentence }[];
}

/** What the rows of an experiment's cells say, as far as they are there. */
export function storedExperiment(
  name: ExperimentName,
  { cells, same }: CellGrid,
  rows: ReadonlyMap<string, Row>,
  study: Study,
): StoredExperiment {
  const { title, question, finding } = EXPERIMENTS[name];
  const results = cells.flatMap((cell): Result[] => {
    const row = rows.get(cell.id);
    return row === undefined ? [] : [{ cell, row }];
  });
  const done = results.filter(({ row }) => row.status === 'done');
  return {
    format: FORMAT,
    experiment: name,
    title,
    question,
    finding,
    ...(same.length > 0 && { same }),
    ...said(name, done, study),
    cells: { done: done.length, missing: cells.length - results.length },
    failed: results
      .filter(({ row }) => row.status !== 'done')
      .map(({ cell, row }) => ({
        cell: cell.id,
        name: cellTold(cell),
        why: row.why ?? say`it came to nothing`,
      })),
  };
}

/** Where tasks are judged by several metrics, and means over all would be of nothing, each metric speaks for itself. */
function said(
  name: ExperimentName,
  done: readonly Result[],
  study: Study,
): Pick<StoredExperiment, 'answer' | 'figures'> {
  const { figures, answer } = EXPERIMENTS[name];
  if (done.length === 0) return { answer: [], figures: [] };
  const whole = figures(done, study);
  const byMetric = groupedBy(done, ({ row }) => row.metric);
  if (whole.length > 0 || byMetric.size < 2) return { answer: answer(done, study), figures: whole };
  const groups = [...byMetric];
  return {
    answer: groups.flatMap(([metric, own]) => answer(own, study).map((one) => say`${metric}: ${one}`)),
    figures: groups.flatMap(([metric, own]) =>
      figures(own, study).map((figure) => ({
        ...figure,
        id: `${figure.id}-${metric}`,
        title: say`${figure.title} (${metric})`,
      })),
    ),
  };
}

/** Cells that have no row yet. */
export function missingTold(count: number): Sentence {
  return count === 1 ? say`1 cell is missing.` : say`${count} cells are missing.`;
}

/** `bert · reviews · lora · 16-shot · seed 1`, as the command line has it. */
export function cellName(cell: Pick<Cell, 'factors'>): string {
  return english(cellTold(cell));
}

/** The same for the page and reports, which have labels for methods. */
export function cellTold({ factors }: Pick<Cell, 'factors'>): Sentence {
  const {
    model,
    data,
    method,
    seed,
    template,
    shots,
    batchSize,
    value,
    source,
    noise,
    scoredOnly,
    together,
    measure,
  } = factors;
  const own = say`${model} · ${data}`;
  const parts: Sentence[] = [
    value === undefined ? shownMethod(method) : say`${named(method)} ${value}`,
    ...(typeof shots === 'number' ? [say`${shots}-shot`] : []),
    ...(template === true ? [say`template`] : []),
    ...(source === undefined ? [] : [sourceTold(source, scoredOnly === true, measure)]),
    ...(noise === undefined ? [] : [noiseSentence(noise)]),
    ...(together === true ? [say`1 delta`] : []),
    ...(measure === undefined ? [] : [MEASURE_NAMES[measure]]),
    ...(batchSize === undefined ? [say`seed ${seed}`] : [say`batch ${batchSize}`]),
  ];
  return parts.reduce((all, part) => say`${all} · ${part}`, own);
}

/** What a cell starts from, or is held against. */
function sourceTold(source: string, scoredOnly: boolean, measure: Measure | undefined): Sentence {
  if (measure === 'angles') return say`beside ${source}`;
  return scoredOnly ? say`as trained on ${source}` : say`on from ${source}`;
}

const MEASURE_NAMES: Record<Measure, Sentence> = {
  surface: say`surface`,
  angles: say`angles`,
  'masked tokens': say`masked tokens`,
};

const mark = z.object({ format: z.literal(FORMAT), experiment: z.enum(EXPERIMENT_NAMES) });

/** Null for what is none of ours. */
export function readStored(json: string): StoredExperiment | null {
  try {
    const value = parseJson(json);
    return mark.safeParse(value).success ? (value as StoredExperiment) : null;
  } catch {
    return null;
  }
}
