/**
 * A table of tensors as `torch.save` writes it since PyTorch 1.6 (`adapter_model.bin`): an uncompressed zip with
 * `data.pkl`, which names tensors as views of storages, and a file `data/KEY` for each storage.
 */
import { unzipSync } from 'fflate';
import { StudioError } from '../errors.ts';
import type { ElementType, Initializer } from '../graph/source.ts';
import { ELEMENT_BYTES, elementCount } from '../graph/tensor.ts';
import { say } from '../sentence.ts';
import { Unreadable } from './unreadable.ts';
import { Global, readPickle, type Calls } from './pickle.ts';

const STORAGES: Readonly<Record<string, ElementType>> = {
  'torch.FloatStorage': 'float32',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.DoubleStorage': 'float64',
  'torch.LongStorage': 'int64',
};

interface Storage {
  type: ElementType;
  bytes: Uint8Array;
}

interface View {
  storage: Storage;
  /** In elements. */
  offset: number;
  dims: number[];
}

/**
 * The tensors of a file by name; `bytes` are views into it.
 * @param file how messages name it
 * @throws StudioError('adapter-file') for a file that is cut short, holds anything but tensors, or calls anything
 */
export function readTorchFile(bytes: Uint8Array, file: string): Map<string, Initializer> {
  try {
    const entries = stored(bytes);
    const root = Object.keys(entries).find((name) => name.endsWith('data.pkl'));
    if (root === undefined) throw new Unreadable(say`it has no data.pkl`);
    const folder = root.slice(0, -'data.pkl'.length);
    const storage = (id: unknown): Storage => {
      const [kind, type, key] = Array.isArray(id) ? (id as unknown[]) : [];
      const element = type instanceof Global ? STORAGES[type.name] : undefined;
      const found = entries[`${folder}data/${String(key)}`] as Uint8Array | undefined;
      if (kind !== 'storage' || element === undefined || found === undefined)
        throw new Unreadable(say`it has no storage ${String(key)}, or of a type that is not read`);
      return { type: element, bytes: found };
    };
    const table = readPickle(entries[root], CALLS, storage);
    if (!(table instanceof Map)) throw new Unreadable(say`it holds no table of tensors`);
    return new Map(
      [...(table as Map<unknown, unknown>)].map(([name, view]) => [
        String(name),
        tensorOf(String(name), view),
      ]),
    );
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const reason = cause instanceof Unreadable ? cause.sentence : (cause as Error).message.slice(0, 120);
    throw new StudioError(
      'adapter-file',
      say`${file} is not a whole table of tensors as torch.save writes it (${reason}); save the adapter again, with safe_serialization=True`,
      { where: file, cause },
    );
  }
}

/** What a table of tensors calls: see torch/_utils.py. */
const CALLS: Calls = {
  'collections.OrderedDict': () => new Map(),
  'torch._utils._rebuild_tensor_v2': (storage, offset, dims, strides) => view(storage, offset, dims, strides),
  'torch._utils._rebuild_parameter': (tensor) => tensor,
};

function view(storage: unknown, offset: unknown, dims: unknown, strides: unknown): View {
  const whole = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!whole(dims) || !whole(strides) || !whole([offset]))
    throw new Unreadable(say`it has a tensor without a shape`);
  let dense = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (dims[axis] > 1 && strides[axis] !== dense)
      throw new Unreadable(say`it has a tensor that is not contiguous`);
    dense *= dims[axis];
  }
  return { storage: storage as Storage, offset: offset as number, dims };
}

function tensorOf(name: string, value: unknown): Initializer {
  const { storage, offset, dims } = (value ?? {}) as Partial<View>;
  if (storage === undefined || dims === undefined || offset === undefined)
    throw new Unreadable(say`${name} is no tensor`);
  const size = ELEMENT_BYTES[storage.type];
  const [from, length] = [offset * size, elementCount(dims) * size];
  if (from + length > storage.bytes.length) throw new Unreadable(say`${name} is longer than its storage`);
  return { name, type: storage.type, dims, bytes: storage.bytes.subarray(from, from + length) };
}

/** Entries as they lie in the file; torch compresses nothing, so nothing is inflated. */
function stored(bytes: Uint8Array): Record<string, Uint8Array> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new Unreadable(say`it is no zip, as PyTorch before 1.6 wrote it`);
  return unzipSync(bytes, {
    filter: ({ compression, name }) => {
      if (compression !== 0) throw new Unreadable(say`its ${name} is compressed`);
      return true;
    },
  });
}
