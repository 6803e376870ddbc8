/** Weights of LoRAs that suit a few examples best, found by trying them out (runs/merge/lorahub.ts). */
import { sampleRows } from '../src/data/batching/sample-rows.ts';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import type { SavedFile } from '../src/runs/adapter-names.ts';
import { weightedSum } from '../src/runs/merge/combine.ts';
import { searchWeights, type FoundWeights } from '../src/runs/merge/lorahub.ts';
import { readRecord } from '../src/runs/record.ts';
import { evaluateTexts } from '../src/train/evaluate-texts.ts';
import { evaluate } from '../src/train/evaluate.ts';
import { reopenRun, type ReopenedTexts } from '../src/train/reopen.ts';
import { logitTask } from '../src/train/task.ts';
import type { Arguments } from './arguments.ts';
import { withStudio } from './device.ts';
import { rowsForRun } from './run-rows.ts';
import { loadBase, type StoredRunFolder } from './stored-run.ts';

/** How often weights are tried out. The authors ask 40 times, of models that take seconds an answer. */
const EVALUATIONS = 100;

export interface HubOptions {
  data: string;
  /** Rows that are drawn from the data; all of them where it is left out. */
  examples?: number;
  seed: number;
}

/**
 * @param runs that the adapters are of
 * @param weighted the run folder's files for weights; linear in them but for the head, which they leave as it is
 * @throws StudioError('data') for rows that do not read, or too few
 */
export async function hubWeights(
  runs: readonly StoredRunFolder[],
  weighted: (weights: readonly number[]) => SavedFile[],
  { data: file, examples, seed }: HubOptions,
  flags: Arguments['flags'],
): Promise<FoundWeights & { rows: number }> {
  const alone = runs.map((_, i) => weighted(runs.map((_run, j) => (i === j ? 1 : 0))));
  const stored = readRecord(textOf(alone[0], 'run.json'), 'run.json');
  const dataset = await rowsForRun(stored, file);
  if (examples !== undefined && examples > dataset.rows)
    throw new StudioError(
      'data',
      say`--examples: got ${examples}, and ${file} has ${dataset.rows} rows; choose at most that many.`,
      { where: 'examples' },
    );
  const base = await loadBase({ ...runs[0], stored });
  return withStudio(flags, async (studio) => {
    const adapters = alone.map((files, i) => ({ folder: inMemory(files), label: runs[i].folder }));
    const opened = await reopenRun(studio, stored, base, adapters[0], dataset);
    try {
      const { instance } = opened;
      const data = examples === undefined ? opened.data : sampleRows(opened.data, examples, seed);
      const tensors = await Promise.all(adapters.map(opened.tensorsOf));
      const factors = [...tensors[0].keys()].filter((name) => name.startsWith('delta.'));
      const lossOf = async (weights: readonly number[]): Promise<number> => {
        const sums = factors.map((name): [string, Float32Array] => [
          name,
          weightedSum(
            tensors.map((own) => own.get(name)!),
            weights,
          ),
        ]);
        instance.write(new Map(sums));
        return meanLoss({ ...opened, data }, stored.spec);
      };
      return {
        ...(await searchWeights(runs.length, lossOf, { seed, evaluations: EVALUATIONS })),
        rows: data.rows,
      };
    } finally {
      opened.instance.destroy();
    }
  });
}

async function meanLoss(
  { instance, data, shape, outputs, tokenizer }: ReopenedTexts,
  spec: Parameters<typeof logitTask>[0],
): Promise<number> {
  if (spec.model.task !== 'text2text')
    return (await evaluate(instance, data, shape, logitTask(spec), outputs)).metrics.loss;
  const nothing = { tokenizer, rows: 0, generate: async () => [], seed: 0 };
  return (await evaluateTexts(instance, data, shape, nothing)).metrics.loss;
}

/** The adapter folder among the files of a run. */
function inMemory(files: readonly SavedFile[]) {
  return { read: async (name: string) => files.find((file) => file.name === `adapter/${name}`)?.bytes };
}

function textOf(files: readonly SavedFile[], name: string): string {
  return new TextDecoder().decode(files.find((file) => file.name === name)!.bytes);
}
