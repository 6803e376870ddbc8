/** Memory by category, batch size and model, out of plans: nothing is trained. */
import { MEMORY_CATEGORIES, type MemoryCategory } from '../../plan/plan.ts';
import { shareText } from '../../evidence/figures.ts';
import { say, type Sentence } from '../../sentence.ts';
import { bytesCell, NOTHING, shareCell } from '../cells-text.ts';
import { shownMethod } from '../grid.ts';
import type { Figure, StacksFigure, TableFigure } from '../figures/figure.ts';
import { valuesOf } from '../scores.ts';
import type { Experiment, Result, Study } from '../study.ts';

const METHODS = ['full', 'lora', 'adapter', 'prefix', 'prompt', 'bitfit'];
const BATCH_SIZES = [1, 8, 32, 64];

const NAMES: Record<MemoryCategory, Sentence> = {
  frozenWeights: say`frozen weights`,
  trainable: say`trained weights`,
  gradients: say`gradients`,
  optimizer: say`optimizer`,
  activations: say`activations`,
  workspace: say`workspace`,
  batch: say`batch`,
};

const totalOf = (result: Result | undefined): number | null => result?.row.memory?.total ?? null;

function found(
  results: readonly Result[],
  model: string,
  method: string,
  batchSize: number,
): Result | undefined {
  return results.find(
    ({ cell: { factors } }) =>
      factors.model === model && factors.method === method && factors.batchSize === batchSize,
  );
}

function stacks(results: readonly Result[], model: string): StacksFigure {
  return {
    kind: 'stacks',
    id: `bytes-${model}`,
    title: say`Memory of a training step of ${model}`,
    unit: 'MiB',
    parts: MEMORY_CATEGORIES.map((category) => NAMES[category]),
    groups: valuesOf(results, 'batchSize').map((batchSize) => ({
      name: say`batch ${batchSize!}`,
      bars: valuesOf(results, 'method').flatMap((name) => {
        const memory = found(results, model, name, batchSize!)?.row.memory;
        return memory === undefined
          ? []
          : [
              {
                name: shownMethod(name),
                values: MEMORY_CATEGORIES.map((category) => memory[category] / 2 ** 20),
              },
            ];
      }),
    })),
  };
}

/** What a method saves of full fine-tuning's memory. */
function savedOf(
  results: readonly Result[],
  model: string,
  method: string,
  batchSize: number,
): number | null {
  const [full, own] = ['full', method].map((name) => totalOf(found(results, model, name, batchSize)));
  return full === null || own === null ? null : 1 - own / full;
}

function table(results: readonly Result[], model: string): TableFigure {
  const sizes = valuesOf(results, 'batchSize').map((size) => size!);
  return {
    kind: 'table',
    id: `saved-${model}`,
    title: say`Memory of ${model}, and what is saved of full fine-tuning's`,
    columns: [say`Method`, ...sizes.flatMap((size) => [say`batch ${size}`, say`saved`])],
    rows: valuesOf(results, 'method').map((name) => [
      shownMethod(name),
      ...sizes.flatMap((size) => [
        bytesCell(totalOf(found(results, model, name, size))),
        name === 'full' ? NOTHING : shareCell(savedOf(results, model, name, size)),
      ]),
    ]),
  };
}

function answer(results: readonly Result[], { datasets }: Study): Sentence[] {
  const saved = savings(results);
  // One data set's texts are as good as another's to plan with, but for their length.
  return saved.length === 0 || datasets.length < 2
    ? saved
    : [...saved, say`Planned with the texts of the first data set, ${datasets[0].name}.`];
}

function savings(results: readonly Result[]): Sentence[] {
  const sizes = valuesOf(results, 'batchSize').map((size) => size!);
  return valuesOf(results, 'model').flatMap((model) => {
    const parts = sizes.flatMap((size) => {
      const saved = valuesOf(results, 'method')
        .filter((name) => name !== 'full')
        .map((name) => savedOf(results, model, name, size))
        .filter((value) => value !== null);
      return saved.length === 0 ? [] : [{ size, least: Math.min(...saved), most: Math.max(...saved) }];
    });
    if (parts.length === 0) return [];
    const ranges = parts.map(({ size, least, most }) => {
      const ends = [...new Set([percent(least), percent(most)])];
      return `${size}: ${ends.join(' – ')}`;
    });
    return [say`${model} saves of full fine-tuning's memory, by batch size: ${ranges.join('; ')}.`];
  });
}

/** A share that may be below zero. */
function percent(share: number): string {
  return share < 0 ? `−${shareText(-share)}` : shareText(share);
}

export const memory: Experiment = {
  name: 'memory',
  title: say`Memory`,
  question: say`How much memory does each method take, and of what kind, as batches and models grow?`,
  finding: say`Up to three quarters of the memory of full fine-tuning are saved at batch sizes 1 and 8, and at least a third at 64, where activations weigh more.`,
  view: say`Optimisation: only coordinates that are searched need gradients and moments. Control: the costate still runs back to the lowest layer with a controller, so activations are saved above it alone.`,
  methods: METHODS,
  options: { batchSizes: BATCH_SIZES },
  cells: (study) => {
    const [data] = study.datasets;
    const methods = study.entries(METHODS);
    return study.models.flatMap((model) =>
      (study.options.batchSizes ?? BATCH_SIZES).flatMap((batchSize) =>
        study.runs({ model, data, methods, kind: 'plan', batchSize, seeds: study.seeds.slice(0, 1) }),
      ),
    );
  },
  figures: (results): Figure[] =>
    valuesOf(results, 'model').flatMap((model) => [stacks(results, model), table(results, model)]),
  answer,
};
