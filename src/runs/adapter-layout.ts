/**
 * What a method's saved file holds: for every trained tensor its name in the file and whether the file
 * keeps the transpose. LoRA and prompt tuning use PEFT's names (verified with PEFT 0.21): the head of a
 * LoRA adapter is `base_model.model.classifier.weight`, of a prompt `base_model.classifier.weight`, with
 * one `model.` fewer, and neither has a `modules_to_save` segment. `full` and `head` have no adapter and
 * use the model's own names.
 */
import type { Delta, FilePlace } from '../deltas/delta.ts';
import type { Initializer, Parameter } from '../graph/source.ts';
import { bytesOf, floatInitializer } from '../graph/tensor.ts';
import { encodeTensor } from './file-codes.ts';

export interface AdapterTensor {
  /** Name of the trained tensor in the graph. */
  name: string;
  /** Dims in the graph. */
  dims: readonly number[];
  file: FilePlace;
  /** A file may lack it. */
  optional?: boolean;
}

/** Dims of the file's tensor that holds this one (all of it, where this one is a part). */
export function fileDims({ dims, file }: AdapterTensor): readonly number[] {
  const own = file.transposed ? [...dims].reverse() : dims;
  return file.part ? [own[0], file.part.columns] : own;
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
  const added = new Map([...delta.tensors, ...(delta.given ?? [])].map((tensor) => [tensor.name, tensor]));
  return trained.map(({ name, shape }) => {
    const tensor = added.get(name);
    if (tensor !== undefined) return { name, dims: tensor.dims, file: tensor.file };
    const parameter = parameters.get(name);
    if (parameter === undefined) throw new Error(`internal: ${name} is trained and not a parameter`);
    // A program may hold a parameter in another shape of the same elements; files have the graph's own.
    const dims = parameter.dims.length > 0 ? parameter.dims : shape;
    const inFile = delta.files?.get(name) ?? `${delta.filePrefix}${name}`;
    return { name, dims, file: { name: inFile, transposed: parameter.transposed } };
  });
}

/**
 * The file's tensors from ours: transposed where the file is, when they are looked at, so that not all are there twice;
 * parts put together.
 */
export function packTensors(
  layout: readonly AdapterTensor[],
  values: (name: string) => Float32Array,
): Initializer[] {
  const files = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  const whole = new Map<string, Initializer>();
  const coded: Initializer[] = [];
  for (const tensor of layout) {
    const { file, dims } = tensor;
    const own = values(tensor.name);
    const turned = (): Float32Array => (file.transposed ? transpose(own, dims[0], dims[1]) : own);
    if (!file.code && !file.part) {
      whole.set(file.name, {
        name: file.name,
        type: 'float32',
        dims: [...fileDims(tensor)],
        get bytes() {
          return bytesOf(turned());
        },
      });
      continue;
    }
    const data = turned();
    if (file.code) {
      coded.push(...encodeTensor(file.code, file.name, data));
      continue;
    }
    const [rows, columns] = fileDims(tensor);
    const known = files.get(file.name) ?? { dims: [rows, columns], data: new Float32Array(rows * columns) };
    files.set(file.name, known);
    const width = data.length / rows;
    for (let row = 0; row < rows; row++)
      known.data.set(data.subarray(row * width, (row + 1) * width), row * columns + file.part!.column);
  }
  const together = [...files].map(([name, { dims, data }]) => floatInitializer(name, dims, data));
  return [...whole.values(), ...together, ...coded];
}

/** Our tensor from the file's values, which have `fileDims`. */
export function unpackTensor(tensor: AdapterTensor, values: Float32Array): Float32Array {
  const { dims, file } = tensor;
  const [rows, columns] = fileDims(tensor);
  let own = values;
  if (file.part) {
    const width = dims.reduce((n, d) => n * d, 1) / rows;
    own = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const from = row * columns + file.part.column;
      own.set(values.subarray(from, from + width), row * width);
    }
  }
  // Stored as the transpose: the file's rows are our columns.
  return file.transposed ? transpose(own, dims[1], dims[0]) : own;
}

/** The transpose of a row-major [rows, columns] matrix. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c];
  }
  return out;
}
