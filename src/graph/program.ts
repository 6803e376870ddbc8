/**
 * The program: a source graph specialised to static shapes, folded and fused to a vocabulary of
 * about 25 operators. Autodiff appends backward nodes to it; the planner turns it into dispatches.
 *
 * Every value is dense, row-major, contiguous; `f32` or `i32`. Values keep their source name where
 * the source value survives, so anything can be traced back to the file.
 */

export type ValueType = 'f32' | 'i32';

/**
 * Where a value comes from:
 *  parameter  a float weight: an initializer of the source graph, or a delta's tensor
 *  constant   folded data, uploaded once
 *  host       depends on integer inputs only: evaluated on the CPU per batch, then uploaded
 *  node       computed on the GPU
 */
export type ValueKind = 'parameter' | 'constant' | 'host' | 'node';

export interface ProgramValue {
  readonly id: string;
  readonly shape: readonly number[];
  readonly type: ValueType;
  readonly kind: ValueKind;
  /** For constants only. */
  readonly data?: Float32Array | Int32Array;
}

/**
 * Scalar functions of `Unary`. `Scale` multiplies by `factor`, `Shift` adds it, `Power` raises to it. `Threshold` is 1
 * above it and 0 elsewhere; its gradient passes straight through (Bengio et al., 2013).
 */
export type UnaryKind =
  | 'Gelu' // x/2 (1 + erf(x/√2))
  | 'GeluTanh' // x/2 (1 + tanh(√(2/π)(x + 0.044715 x³)))
  | 'Relu'
  | 'Silu'
  | 'Tanh'
  | 'Sigmoid'
  | 'Exp'
  | 'Log'
  | 'Sqrt'
  | 'Reciprocal'
  | 'Erf'
  | 'Neg'
  | 'Abs'
  | 'Square'
  | 'Scale'
  | 'Shift'
  | 'Power'
  | 'Threshold';

/** Activations a matmul may apply in its epilogue. */
export type Activation = 'Gelu' | 'GeluTanh' | 'Relu' | 'Silu' | 'Tanh' | 'Sigmoid';

/**
 * Attributes of each operator. `N` rows etc. follow from the shapes of the values.
 * Inputs and outputs are listed in the comment; `?` marks an optional one ('' when omitted).
 */
export interface OpAttributes {
  /**
   * y = act(alpha · op(a)·op(b) + bias + residual) ; inputs a, b, bias?, residual?, gate? ; outputs y, z?, sums?
   * a is [...batch, M, K] (or [...batch, K, M] with transA); b is [K, N] ([N, K] with transB), shared by
   * all rows of a, or [...batch, K, N] with the same batch as a. With a 2-D b and no transA the leading
   * dims of a flatten into M. With transA and 2-D result (dW = xᵀ·dy) both operands flatten their
   * leading dims into K (`flattenK`). bias is [N]; residual has y's shape.
   * z, when present, receives the value before the activation.
   * sums, of weight gradients (`flattenK`, without z) alone, is [N]: Σ over k of b, which is the bias's gradient.
   * `gradient` (an activation): y = (alpha·op(a)·op(b) + residual) · act′(gate): the backward of an
   * activation fused into the dX matmul that feeds it; gate has y's shape and is the activation's
   * input for Relu/Gelu/GeluTanh/Silu, its output for Tanh/Sigmoid.
   */
  MatMul: {
    transA: boolean;
    transB: boolean;
    flattenK: boolean;
    alpha: number;
    activation?: Activation;
    gradient?: Activation;
  };
  /** y = f(x) ; inputs x */
  Unary: { kind: UnaryKind; factor?: number };
  /** dx = dy · f′ ; inputs dy, v where v is y for Tanh Sigmoid Exp Sqrt Reciprocal, and x for all others */
  UnaryGrad: { kind: UnaryKind; factor?: number };
  /** numpy broadcasting ; inputs a, b */
  Add: Record<never, never>;
  Sub: Record<never, never>;
  Mul: Record<never, never>;
  Div: Record<never, never>;
  /** y = c ≠ 0 ? a : b with broadcasting ; inputs c, a, b */
  Where: Record<never, never>;
  /** over the last axis ; inputs x, gamma, beta ; outputs y, mean [rows], rstd [rows] (1/√(var+ε)) */
  LayerNorm: { epsilon: number };
  /** inputs dy, x, gamma, mean, rstd ; outputs dx */
  LayerNormGrad: Record<never, never>;
  /** inputs dy, x, mean, rstd ; outputs dgamma, dbeta ([C]) */
  LayerNormParamGrad: Record<never, never>;
  /** over the last axis ; inputs x, gamma ; outputs y, rstd [rows] (1/√(mean x² + ε)) */
  RmsNorm: { epsilon: number };
  /** inputs dy, x, gamma, rstd ; outputs dx */
  RmsNormGrad: Record<never, never>;
  /** inputs dy, x, rstd ; outputs dgamma [C] */
  RmsNormParamGrad: Record<never, never>;
  /** over the last axis ; inputs x */
  Softmax: Record<never, never>;
  /** dx = y(dy − Σ y·dy) ; inputs dy, y */
  SoftmaxGrad: Record<never, never>;
  /**
   * y = softmax(scale·q kᵀ + bias) v per head ; inputs q [B,Tq,heads·d], k [B,Tk,heads·d],
   * v [B,Tk,heads·d], bias? broadcastable to [B,heads,Tq,Tk] ; outputs y [B,Tq,heads·d],
   * lse [B,heads,Tq] (log-sum-exp of the biased scores). Dropout acts on the probabilities:
   * element index ((b·heads+h)·Tq+i)·Tk+j of stream `dropoutId`.
   */
  Attention: { heads: number; scale: number; dropout: number; dropoutId: number };
  /**
   * inputs dy, q, k, v, bias?, y, lse ; outputs dq, dk, dv, dbias? ('' where not wanted). dbias has shape
   * [B or 1, heads or 1, Tq, Tk], summed over the axes of 1.
   */
  AttentionGrad: { heads: number; scale: number; dropout: number; dropoutId: number };
  /** rows of a table ; inputs table [V,H], ids i32 [...], extra? [P,H] ; outputs [...,H]. ids ≥ V read extra[id−V]. */
  Gather: Record<never, never>;
  /**
   * dTable[r] = Σ over positions t with ids[t] = r + firstRow of dy[t], 0 ≤ r < rows, deterministic ;
   * inputs dy [...,H], order i32 [2,n] made on the host: order[0] = ids sorted ascending,
   * order[1] = the positions in that order (stable) ; outputs [rows,H] (overwritten whole).
   */
  GatherGrad: { rows: number; firstRow: number };
  /** inputs any number, same rank */
  Concat: { axis: number };
  /** contiguous range of one axis ; inputs x */
  Slice: { axis: number; start: number; end: number };
  /** zeros around one axis (backward of Slice) ; inputs x */
  Pad: { axis: number; before: number; after: number };
  /** a view: same memory, other shape ; inputs x */
  Reshape: Record<never, never>;
  Transpose: { perm: readonly number[] };
  /** broadcast x to the output's shape ; inputs x */
  Expand: Record<never, never>;
  /** sum or mean over `axes`; the output shape tells whether they are kept as 1 or dropped ; inputs x */
  Reduce: { kind: 'sum' | 'mean'; axes: readonly number[] };
  /** loss[1] = Σ wᵢ·(logsumexp(zᵢ) − zᵢ[labelᵢ]) ; inputs logits [N,C], labels i32 [N], weights f32 [N] (already divided by their total; 0 for padding, whose label may be anything) */
  CrossEntropy: Record<never, never>;
  /** dz = w·(softmax(z) − onehot) ; inputs logits, labels, weights */
  CrossEntropyGrad: Record<never, never>;
  /**
   * Cross-entropy of the rows of logits z = alpha · hidden · op(weight) + bias, which are never there as a
   * whole: they are made, used and dropped in chunks of columns.
   * inputs hidden [...,H] of N rows in all, weight [H,V] ([V,H] with transB), labels i32 [N], weights f32 [N]
   * (as for CrossEntropy), bias? [V] ; outputs loss [1] = Σ wᵢ·nllᵢ,
   * nll [N] = logsumexp(zᵢ) − zᵢ[labelᵢ] (0 where the weight is), lse [N] = logsumexp(zᵢ)
   */
  LinearCrossEntropy: { transB: boolean; alpha: number };
  /**
   * inputs hidden, weight, labels, weights, lse, bias? ; outputs dhidden, dweight, dbias ('' where not
   * wanted). Makes each chunk of logits anew.
   */
  LinearCrossEntropyGrad: { transB: boolean; alpha: number };
  /** loss[1] = Σ wᵢ·(pᵢ − tᵢ)² ; inputs predictions [N] or [N,1], targets f32 [N], weights [N] */
  MeanSquared: Record<never, never>;
  /** dp = 2w(p − t) ; inputs predictions, targets, weights */
  MeanSquaredGrad: Record<never, never>;
  /** inverted dropout, keep where u ≥ rate, u = Philox(seed, step, id, index) ; inputs x. Its own gradient. */
  Dropout: { rate: number; id: number };
  /**
   * Gates: z = clip(s·(high − low) + low, 0, 1), s = σ(α + ln(u/(1 − u))), u = Philox(seed, step, stream, index) held
   * between 1e-4 and 1 − 1e-4; without a stream there is no noise ; inputs α
   */
  HardConcrete: { low: number; high: number; stream?: number };
  /** dα = dz·(z − low)(high − z)/(high − low) where 0 < z < 1, else 0 ; inputs dz, z */
  HardConcreteGrad: { low: number; high: number };
  /**
   * y = base + w·z with z the gates of α as HardConcrete makes them; `open` is Σ σ(α), the gates that are expected not
   * to be shut ; inputs w, α, base? of one shape ; outputs y, z?, open? (one number)
   */
  Gated: { low: number; high: number; stream?: number };
  /**
   * dw = dy·z, dα = dz + dopen·σ(α)(1 − σ(α)) with dz the gradient of HardConcrete for dy·w ; inputs dy, w, z, and α
   * and dopen (one number) or neither ; outputs dw, dα
   */
  GatedGrad: { low: number; high: number };
  /** y[ids[e]] = values[e] in flat order, all else 0 ; inputs values [E], ids i32 [E], none twice */
  Scatter: Record<never, never>;
  /**
   * x times a matrix of E entries, by columns: y[..., j] = Σ over entries e of column j of x[..., source(e)]·v(e).
   * inputs x [...,K], values [E], index i32 ; outputs y [...,N]. index = [starts (N + 1), sources (E), places (E)]:
   * the value of entry e is values[places[e]], or values[e] and no places where `ordered`. An ordered one has a
   * fourth input, the same matrix transposed and not ordered, which its gradient takes.
   */
  SparseMatMul: { ordered: boolean };
  /** dv[e] = Σ over rows of x[..., source(e)]·dy[..., column(e)] ; inputs x, dy, index (ordered) ; outputs [E] */
  SparseMatMulGrad: Record<never, never>;
  /** y = H x over the last axis, a power of two long: the Walsh–Hadamard transform without a factor. Its own gradient. */
  Hadamard: Record<never, never>;
  /**
   * y = base + scale · the Fastfood projection of u (fastfood.ts), whose B and Π have been applied: block k of base's
   * elements, in flat order, is H Σⱼ Gₖⱼ uⱼ. With ids only those rows of it are computed.
   * inputs base, u [chunks, block], normal [256] (normalTable), key i32 [3] (fastfoodKey: seed and stream of G, and the
   * factor), ids? i32 ; outputs base's shape, or [...ids, columns]
   */
  Fastfood: Record<never, never>;
  /** du = sum + scale · the transpose of that projection of dy ; inputs dy, normal, key, sum?, ids? ; outputs [chunks, block] */
  FastfoodGrad: Record<never, never>;
  /**
   * Into a state, which outlives the program: y is the state's memory after x is written, as its row
   * `position` of axis 1 or, without a position, whole. In place: who reads the state itself reads either.
   * inputs x [B,1,C] (or of the state's size), state (a parameter) [B,T,C], position? i32 [1] ; outputs y
   */
  Write: Record<never, never>;
  /**
   * The k likeliest columns of each row ; inputs logits [...,V] ; outputs [N,2,k]: log softmax in falling
   * order, then the columns
   */
  TopK: { k: number };
}

export type OpName = keyof OpAttributes;

export interface ProgramNode<Op extends OpName = OpName> {
  op: Op;
  inputs: string[];
  outputs: string[];
  attributes: OpAttributes[Op];
  /** Names of the source nodes this one stands for (several after a fusion); for messages, roles, traces. */
  sources: string[];
  /** Set by autodiff. */
  phase: 'forward' | 'backward';
}

/** A node of known operator, discriminated by `op`. */
export type AnyNode = { [Op in OpName]: ProgramNode<Op> }[OpName];

export interface Program {
  values: Map<string, ProgramValue>;
  /** Topologically ordered. */
  nodes: AnyNode[];
  outputs: string[];
}
