/**
 * What a method's saved file holds: for every trained tensor its name in the file and whether the file
 * keeps the transpose. LoRA and prompt tuning use PEFT's names (verified with PEFT 0.21): the head of a
 * LoRA adapter is `base_model.model.classifier.weight`, of a prompt `base_model.classifier.weight`, with
 * one `model.` fewer, and neither has a `modules_to_save` segment. `full` and `head` have no adapter and
 * use the model's own names.
 */
import type { Delta } from '../deltas/delta.ts';
import type { Parameter } from '../graph/source.ts';

export interface AdapterTensor {
  /** Name of the trained tensor in the graph. */
  name: string;
  /** Dims in the graph. */
  dims: readonly number[];
  file: { name: string; transposed: boolean };
}

const PREFIXES: Readonly<Record<string, string>> = {
  LORA: 'base_model.model.',
  PROMPT_TUNING: 'base_model.',
};

/** Dims as in the file. */
export function fileDims({ dims, file }: AdapterTensor): readonly number[] {
  return file.transposed ? [...dims].reverse() : dims;
}

/**
 * @param trained names and shapes of what is trained, as in the graph
 * @param parameters the model's own weights, a fresh head's among them
 */
export function adapterLayout(
  delta: Delta,
  trained: readonly { name: string; shape: readonly number[] }[],
  parameters: ReadonlyMap<string, Parameter>,
): AdapterTensor[] {
  const added = new Map(delta.tensors.map((tensor) => [tensor.name, tensor]));
  const peftType = delta.peftConfig?.['peft_type'];
  const prefix = typeof peftType === 'string' ? PREFIXES[peftType] : '';
  if (prefix === undefined) throw new Error(`internal: no file names for ${String(peftType)}`);
  return trained.map(({ name, shape }) => {
    const tensor = added.get(name);
    if (tensor !== undefined) return { name, dims: tensor.dims, file: tensor.file };
    const parameter = parameters.get(name);
    if (parameter === undefined) throw new Error(`internal: ${name} is trained and not a parameter`);
    // A program may hold a parameter in another shape of the same elements; files have the graph's own.
    const dims = parameter.dims.length > 0 ? parameter.dims : shape;
    return { name, dims, file: { name: `${prefix}${name}`, transposed: parameter.transposed } };
  });
}

/** The transpose of a row-major [rows, columns] matrix. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c];
  }
  return out;
}
