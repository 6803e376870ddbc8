/**
 * The reparameterisation of prefix tuning (Li and Liang, 2021), as PEFT's `prefix_projection`: an MLP makes the
 * rows of all layers from one trained embedding, and files hold what it gives.
 */
import type { SourceNode } from '../graph/source.ts';
import type { BakedTensor, FilePlace } from './delta.ts';
import type { PrefixOptions } from './prefix-options.ts';
import type { Rewriter } from './rewrite.ts';
import type { TensorTable } from './tensors.ts';

export const ROWS_FILE: FilePlace = { name: 'prompt_embeddings', transposed: false };

const PATH = '/delta/prefix';

/** PEFT's: apart, as files hold what the encoder gives. */
const APART: ProjectionNames = {
  key: 'delta.prefix',
  file: (name, transposed) => ({ name: `prompt_encoder.${name}`, transposed, apart: true }),
};

/** What tensors of the encoder are called here and in files; names are `embedding.weight`, `transform.0.bias`. */
export interface ProjectionNames {
  key: string;
  file: (name: string, transposed: boolean) => FilePlace;
}

/**
 * @param hidden width of the keys and of the embedding
 * @param columns 2·layers·hidden
 * @returns one value [P, columns] for all layers
 */
export function project(
  rewriter: Rewriter,
  tensors: TensorTable,
  { virtualTokens, initialization, encoderHiddenSize }: Omit<PrefixOptions, 'type'>,
  hidden: number,
  columns: number,
  { key, file }: ProjectionNames = APART,
): BakedTensor {
  const middle = encoderHiddenSize ?? hidden;
  const linear = (index: number, x: string, from: number, to: number, zero: boolean): SourceNode[] => {
    const bound = zero ? 0 : 1 / Math.sqrt(from);
    const name = `transform.${index}`;
    const weight = tensors.uniform(`${key}.${name}.weight`, [from, to], file(`${name}.weight`, true), bound);
    const bias = tensors.uniform(`${key}.${name}.bias`, [to], file(`${name}.bias`, false), bound);
    const matmul = rewriter.node(`${PATH}/${name}/MatMul`, 'MatMul', [x, weight]);
    return [matmul, rewriter.node(`${PATH}/${name}/Add`, 'Add', [matmul.outputs[0], bias])];
  };
  const rows = tensors.normal(
    `${key}.embedding`,
    [virtualTokens, hidden],
    file('embedding.weight', false),
    1,
  );
  const first = linear(0, rows, hidden, middle, false);
  const tanh = rewriter.node(`${PATH}/transform/Tanh`, 'Tanh', [first[1].outputs[0]]);
  const last = linear(2, tanh.outputs[0], middle, columns, initialization === 'zero');
  rewriter.graph.nodes.unshift(...first, tanh, ...last);
  return {
    value: last[1].outputs[0],
    name: 'delta.prefix.rows',
    dims: [virtualTokens, columns],
    file: ROWS_FILE,
  };
}
