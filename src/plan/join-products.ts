/**
 * Products of GPUs that wait for nothing of each other, in one dispatch:
 *
 *   layers     x·W₀ + b₀, x·W₁ + b₁, ... of one x and one shape, as queries, keys and values are
 *   gradients  xᵀ·dy₀, xᵀ·dy₁, ... with the sums of dy's columns: the gradients of their weights and biases
 *   sum        dy₀·W₀ᵀ + dy₁·W₁ᵀ + ... : the gradient of their input, which is a chain of residuals before
 *
 * Two or three at a time, as many as the adapter binds operands of. What each product makes stays the same bit for bit,
 * but for `sum`, whose residual is added last.
 */
import type { AdapterProfile, KernelCall, Operand } from './kernel-call.ts';
import type { PlannedCall } from './lifetimes.ts';

/** Kernels that have joined forms, by the names of those. */
const JOINED: ReadonlyMap<string, string> = new Map([
  ['matmul/tiled', 'matmul/tiled'],
  ['matmul/blocked-fours-fours', 'matmul/blocked'],
  ['matmul/buffered-fours-fours', 'matmul/buffered'],
]);
/** Products of one dispatch at most. */
const MOST = 3;
/** Calls within which they are looked for: a layer's lie near each other, and what is made early is kept longer. */
const REACH = 8;
/** Constants of tiles and operands, the same whatever follows the sum. */
const SHARED = [
  ['K', 'A_BATCH', 'A_ROW', 'A_K', 'B_BATCH', 'B_K', 'B_COLUMN', 'THREADS_X', 'THREADS_Y'],
  ['SPLITS', 'K_PER_SPLIT', 'M', 'N', 'ALPHA', 'ROWS', 'FOURS', 'DEPTH', 'FETCHES_A', 'FETCHES_B'],
].flat();

type Kind = 'layers' | 'gradients' | 'sum';
type Value = Extract<Operand, { value: string }>;

/** A call's operands in their order (matmul/epilogue). */
interface Product {
  a: Value;
  b: Value;
  y: Value;
  bias: Value;
  residual: Value;
  /** In z's place. */
  sums: Value;
  /** What products of one dispatch have in common. */
  form: string;
  constants: Record<string, number>;
}

/** A call that may be joined with others. */
function productOf({ shader, constants, operands, workgroups }: KernelCall): Product | undefined {
  const { SPLITS, ACTIVATION, GRADIENT, PREACTIVATION } = constants;
  if (!JOINED.has(shader) || SPLITS !== 1 || ACTIVATION || GRADIENT || PREACTIVATION) return undefined;
  // One product, of operands that are bound whole.
  if (workgroups[2] !== 1 || !operands.every((one) => 'value' in one && !one.part)) return undefined;
  const [a, b, y, bias, residual, , sums] = operands as Value[];
  const common = Object.fromEntries(
    SHARED.flatMap((name) => (name in constants ? [[name, constants[name]]] : [])),
  );
  return { a, b, y, bias, residual, sums, constants, form: JSON.stringify([shader, common, workgroups]) };
}

/** @param pinned values that are read or kept from outside, by the ones whose memory they are */
export function joinProducts(
  calls: readonly PlannedCall[],
  adapter: AdapterProfile,
  root: (value: string) => string,
  pinned: ReadonlySet<string>,
): PlannedCall[] {
  return new Joiner(calls, adapter, root, pinned).run();
}

class Joiner {
  private readonly calls: (PlannedCall | null)[];
  private readonly products: (Product | undefined)[];
  private readonly most: number;
  private readonly root: (value: string) => string;
  private readonly pinned: ReadonlySet<string>;
  /** How many calls read a value. */
  private readonly readers = new Map<string, number>();

  constructor(
    calls: readonly PlannedCall[],
    { limits }: AdapterProfile,
    root: (value: string) => string,
    pinned: ReadonlySet<string>,
  ) {
    this.calls = [...calls];
    this.products = calls.map(({ call }) => productOf(call));
    this.most = limits.maxStorageBuffersPerShaderStage;
    this.root = root;
    this.pinned = pinned;
    for (const { call } of calls)
      for (const name of new Set(
        call.operands.filter((one) => one.access !== 'write').map((one) => this.memoryOf(one)),
      ))
        this.readers.set(name, (this.readers.get(name) ?? 0) + 1);
  }

  run(): PlannedCall[] {
    this.calls.forEach((_, at) => {
      const product = this.products[at];
      if (!product) return;
      const chain = this.chainFrom(at, product);
      if (chain.length > 1) this.join('sum', chain, chain[chain.length - 1]);
      else if (!product.constants.RESIDUAL)
        for (let count = MOST; count > 1; count--) {
          const beside = this.besides(at, product).slice(0, count);
          if (
            beside.length === count &&
            this.join(product.constants.SUMS ? 'gradients' : 'layers', beside, at)
          )
            return;
        }
    });
    return this.calls.filter((call) => call !== null);
  }

  /** The call and those near it that each have the sum before as their residual, which nobody else reads. */
  private chainFrom(first: number, product: Product): number[] {
    const chain = [first];
    let last = product;
    const moved = product.constants.RESIDUAL ? [product.residual] : [];
    for (let at = first + 1; at < this.end(first) && chain.length < MOST; at++) {
      const next = this.products[at];
      const sum = this.root(last.y.value);
      if (!next?.constants.RESIDUAL || this.root(next.residual.value) !== sum) continue;
      const alone = this.readers.get(sum) === 1 && !this.pinned.has(sum);
      const plain = [last, next].every(({ constants }) => !constants.BIAS && !constants.SUMS);
      if (!alone || !plain || next.form !== last.form) break;
      // The earlier products are made where the last is.
      moved.push(last.a, last.b);
      if (this.isWritten(moved, first, at)) break;
      chain.push(at);
      last = next;
    }
    return chain;
  }

  /** The call and those near it of the same a and form that could be made where it is. */
  private besides(first: number, product: Product): number[] {
    const found = [first];
    for (let at = first + 1; at < this.end(first); at++) {
      const other = this.products[at];
      if (other?.form !== product.form || this.root(other.a.value) !== this.root(product.a.value)) continue;
      const alike = (['BIAS', 'RESIDUAL', 'SUMS'] as const).every(
        (name) => other.constants[name] === product.constants[name],
      );
      const moved = [other.b, ...(other.constants.BIAS ? [other.bias] : [])];
      if (alike && !this.isWritten(moved, first, at)) found.push(at);
    }
    return found;
  }

  private end(first: number): number {
    return Math.min(first + REACH, this.calls.length);
  }

  /** Whether a call from `first` to before `last` writes one of these. */
  private isWritten(operands: readonly Value[], first: number, last: number): boolean {
    const names = new Set(operands.map(({ value }) => this.root(value)));
    return this.calls
      .slice(first, last)
      .some((call) =>
        call?.call.operands.some(
          (one) => one.access !== 'read' && 'value' in one && names.has(this.root(one.value)),
        ),
      );
  }

  private memoryOf(operand: Operand): string {
    return 'value' in operand ? this.root(operand.value) : '';
  }

  /** @returns false where the adapter binds fewer operands than they have */
  private join(kind: Kind, members: readonly number[], at: number): boolean {
    const products = members.map((member) => this.products[member]!);
    const operands = operandsOf(kind, products);
    if (new Set(operands.map((one) => this.memoryOf(one))).size > this.most) return false;
    const planned = members.map((member) => this.calls[member]!);
    const { call } = planned[0];
    const [{ constants }] = products;
    for (const member of members) {
      this.calls[member] = null;
      this.products[member] = undefined;
    }
    this.calls[at] = {
      ...planned[0],
      flops: planned.reduce((sum, { flops }) => sum + flops, 0),
      call: {
        ...call,
        shader: `${JOINED.get(call.shader)!}-${kind}`,
        constants: {
          ...Object.fromEntries(
            SHARED.flatMap((name) => (name in constants ? [[name, constants[name]]] : [])),
          ),
          ...(kind === 'sum'
            ? { PAIRS: members.length, RESIDUAL: constants.RESIDUAL }
            : { PRODUCTS: members.length }),
          ...(kind === 'layers' && { BIAS: constants.BIAS }),
        },
        operands,
        workgroups: [call.workgroups[0], call.workgroups[1], kind === 'sum' ? 1 : members.length],
      },
    };
    return true;
  }
}

/** What the joined kernels bind; absent operands repeat others, of two products the second's. */
function operandsOf(kind: Kind, products: readonly Product[]): Value[] {
  const three = (of: (product: Product) => Value): Value[] =>
    [0, 1, 2].map((i) => of(products[Math.min(i, products.length - 1)]));
  const [first] = products;
  if (kind === 'sum') {
    const { y } = products[products.length - 1];
    const residual = first.constants.RESIDUAL ? first.residual : y;
    return [...three(({ a }) => a), ...three(({ b }) => b), y, residual];
  }
  return [
    first.a,
    ...three(({ b }) => b),
    ...three(({ y }) => y),
    ...three(({ bias, sums }) => (kind === 'gradients' ? sums : bias)),
  ];
}
