/**
 * Multitask prompt tuning (Wang et al., 2023), as PEFT has it: a prompt [P, width] that all tasks share, multiplied
 * element by element by a low-rank matrix of each task's own, columns [P, rank] · rows [rank, width]. What tasks have in
 * common is learned by the one, what sets them apart by the other. Columns and rows start N(0, 0.02²), the shared
 * prompt N(0, 1) or as rows of the vocabulary; or all of it from the prompts of earlier tasks (runs/source-tasks.ts).
 * A run of one data set is one of one task. Of a T5 the prompt stands before the encoder's text alone.
 */
import type { SourceNode } from '../graph/source.ts';
import { floatsOf } from '../graph/tensor.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';
import { prependRows, promptConfig, vocabularyRows, wordEmbedding } from './virtual-rows.ts';

/** How it starts; the last three from the prompts that `method.init` names, all tasks alike. */
export const MULTITASK_STARTS = [
  'random',
  'vocab',
  'averageSourceTasks',
  'exactSourceTask',
  'onlySourceShared',
] as const;

export interface MultitaskPromptOptions {
  type: 'multitaskPrompt';
  virtualTokens: number;
  rank: number;
  initialization: (typeof MULTITASK_STARTS)[number];
  /** Which of the earlier tasks `exactSourceTask` starts from, from 0. */
  sourceTask: number;
}

export const SHARED_FILE = 'prompt_embeddings';
export const COLUMNS_FILE = 'prefix_task_cols';
export const ROWS_FILE = 'prefix_task_rows';
const PATH = '/delta/multitaskPrompt';
const DEVIATION = 0.02;

/** @throws StudioError('unsupported') for a model without token ids or a word embedding */
export function multitaskPrompt(model: DeltaModel, options: MultitaskPromptOptions, seed: number): Delta {
  const { virtualTokens: count, rank, initialization } = options;
  const { index, count: tasks } = model.place ?? { index: 0, count: 1 };
  const word = wordEmbedding(model, 'multitaskPrompt');
  const [vocabulary, width] = word.dims;
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const file = (name: string) => ({ name, transposed: false });
  const sharedName = 'delta.multitaskPrompt.shared';
  const sharedFile = file(SHARED_FILE);
  const table = (): Float32Array => floatsOf(model.graph.initializers.get(word.weight)!);
  const shared =
    initialization === 'vocab'
      ? tensors.add(sharedName, [count, width], sharedFile, () =>
          vocabularyRows(table(), vocabulary, width, count, seed, sharedName),
        )
      : tensors.normal(sharedName, [count, width], sharedFile, 1);
  const columns = tensors.normal(
    'delta.multitaskPrompt.columns',
    [tasks, count, rank],
    file(COLUMNS_FILE),
    DEVIATION,
  );
  const rows = tensors.normal('delta.multitaskPrompt.rows', [tasks, rank, width], file(ROWS_FILE), DEVIATION);
  const nodes: SourceNode[] = [];
  const node = (hint: string, op: string, inputs: string[]): string => {
    const made = rewriter.node(`${PATH}/${hint}`, op, inputs);
    nodes.push(made);
    return made.outputs[0];
  };
  /** One task's matrix of all tasks'. */
  const own = (hint: string, value: string, dims: readonly number[]): string => {
    const bounds = [index, index + 1, 0].map((n, i) =>
      rewriter.integers(`${PATH}/${hint}/${['starts', 'ends', 'axes'][i]}`, [1], [n]),
    );
    const slice = tasks === 1 ? value : node(`${hint}/Slice`, 'Slice', [value, ...bounds]);
    return node(`${hint}/Reshape`, 'Reshape', [slice, rewriter.integers(`${PATH}/${hint}/shape`, [2], dims)]);
  };
  const product = node('MatMul', 'MatMul', [
    own('columns', columns, [count, rank]),
    own('rows', rows, [rank, width]),
  ]);
  const prompt = node('Mul', 'Mul', [shared, product]);
  rewriter.graph.nodes.unshift(...nodes);
  prependRows(rewriter, model, 'multitaskPrompt', prompt, count);
  return {
    type: 'multitaskPrompt',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: count,
    filePrefix: 'base_model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'MULTITASK_PROMPT_TUNING',
      ...promptConfig(model, count, width),
      prompt_tuning_init: 'RANDOM',
      num_ranks: rank,
      num_tasks: tasks,
    },
  };
}
