/** Makes the tensors a method adds, once a name, and puts them into the graph. */
import { bytesOf, floatInitializer } from '../graph/tensor.ts';
import type { DeltaTensor, FilePlace } from './delta.ts';
import type { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';

export class TensorTable {
  private readonly rewriter: Rewriter;
  private readonly seed: number;
  private readonly table = new Map<string, DeltaTensor>();

  constructor(rewriter: Rewriter, seed: number) {
    this.rewriter = rewriter;
    this.seed = seed;
  }

  get list(): DeltaTensor[] {
    return [...this.table.values()];
  }

  /** Add a tensor unless it is there: shared weights get one, whoever comes first. Returns its name. */
  add(name: string, dims: readonly number[], file: FilePlace, data: () => Float32Array): string {
    if (!this.table.has(name)) {
      const tensor = { name, dims, data: data(), file };
      this.table.set(name, tensor);
      this.rewriter.addInitializer(floatInitializer(name, dims, tensor.data));
    }
    return name;
  }

  /** As `add`, made when it is first looked at: a plan wants its shape alone. @param draw never fails */
  private later(name: string, dims: readonly number[], file: FilePlace, draw: () => Float32Array): string {
    if (!this.table.has(name)) {
      let drawn: Float32Array | undefined;
      const data = (): Float32Array => (drawn ??= draw());
      this.table.set(name, {
        name,
        dims,
        file,
        get data() {
          return data();
        },
      });
      this.rewriter.addInitializer({
        name,
        type: 'float32',
        dims: [...dims],
        later: true,
        get bytes() {
          return bytesOf(data());
        },
      });
    }
    return name;
  }

  zeros(name: string, dims: readonly number[], file: FilePlace): string {
    return this.later(name, dims, file, () => new Float32Array(count(dims)));
  }

  ones(name: string, dims: readonly number[], file: FilePlace): string {
    return this.later(name, dims, file, () => new Float32Array(count(dims)).fill(1));
  }

  /** U(−bound, bound), a function of seed and name. */
  uniform(name: string, dims: readonly number[], file: FilePlace, bound: number): string {
    return this.later(name, dims, file, () => {
      const stream = initialStream(this.seed, name);
      return Float32Array.from({ length: count(dims) }, () => (2 * stream.uniform() - 1) * bound);
    });
  }

  /** N(0, deviation²), a function of seed and name. */
  normal(name: string, dims: readonly number[], file: FilePlace, deviation: number): string {
    return this.later(name, dims, file, () => {
      const stream = initialStream(this.seed, name);
      return Float32Array.from({ length: count(dims) }, () => stream.normal(deviation));
    });
  }
}

const count = (dims: readonly number[]): number => dims.reduce((n, d) => n * d, 1);
