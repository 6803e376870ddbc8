/**
 * Late fusions around matrix products, on forward and backward nodes alike. Each saves a dispatch and
 * a pass over memory; none changes a result beyond the order of two roundings.
 *
 *   foldScales     MatMul → Scale            alpha of the product (before differentiation)
 *   fuseEpilogues  MatMul → Add              residual operand
 *                  MatMul → activation       epilogue; the value before it is kept only where needed
 *                  MatMul → UnaryGrad        `gradient` epilogue of the product that made dy
 */
import type { Activation, AnyNode, Program, ProgramNode } from '../graph/program.ts';

const ACTIVATIONS: ReadonlySet<string> = new Set<Activation>([
  'Gelu',
  'GeluTanh',
  'Relu',
  'Silu',
  'Tanh',
  'Sigmoid',
]);

/** How often each value is read and which node makes it, kept true as nodes move: one pass, however many there are. */
class Uses {
  private readonly counts = new Map<string, number>();
  private readonly producers = new Map<string, number>();

  constructor(program: Program) {
    program.nodes.forEach(({ inputs, outputs }, i) => {
      for (const input of inputs) if (input) this.counts.set(input, this.count(input) + 1);
      for (const output of outputs) if (output) this.producers.set(output, i);
    });
    for (const output of program.outputs) this.counts.set(output, this.count(output) + 1);
  }

  count(value: string): number {
    return this.counts.get(value) ?? 0;
  }

  producer(value: string): number | undefined {
    return this.producers.get(value);
  }

  /** One that read `value` and made `output` is now part of the node at `at`. */
  merge(value: string, output: string, at: number): void {
    this.counts.set(value, this.count(value) - 1);
    this.producers.set(output, at);
  }
}

function plainMatMul(node: AnyNode | null | undefined): node is ProgramNode<'MatMul'> & { op: 'MatMul' } {
  return node?.op === 'MatMul' && !node.attributes.activation && !node.attributes.gradient;
}

function sameShape(program: Program, a: string, b: string): boolean {
  const x = program.values.get(a)!.shape;
  const y = program.values.get(b)!.shape;
  return x.length === y.length && x.every((d, i) => d === y[i]);
}

/** Give a matmul its operands up to `residual` and `gate`. */
function withOperands(inputs: readonly string[], residual: string, gate?: string): string[] {
  const [a, b, bias = ''] = inputs;
  return gate === undefined ? [a, b, bias, residual] : [a, b, bias, residual, gate];
}

/** Fold `Scale` after a product without bias into the product's alpha. Returns a new program. */
export function foldScales(program: Program): Program {
  const nodes: (AnyNode | null)[] = [...program.nodes];
  const uses = new Uses(program);
  nodes.forEach((node, i) => {
    if (node?.op !== 'Unary' || node.attributes.kind !== 'Scale') return;
    const at = uses.producer(node.inputs[0]);
    if (at === undefined || uses.count(node.inputs[0]) !== 1) return;
    const product = nodes[at];
    if (!plainMatMul(product) || product.inputs[2] || product.inputs[3]) return;
    nodes[i] = {
      ...product,
      outputs: [node.outputs[0]],
      attributes: { ...product.attributes, alpha: product.attributes.alpha * node.attributes.factor! },
      sources: [...product.sources, ...node.sources],
    };
    nodes[at] = null;
    uses.merge(node.inputs[0], node.outputs[0], i);
  });
  return { ...program, nodes: nodes.filter((node) => node !== null) };
}

/**
 * All epilogue fusions. `keep` names values read from outside (gradients, readbacks) that must
 * survive as they are. Returns a new program; run it after differentiation.
 */
export function fuseEpilogues(program: Program, keep: ReadonlySet<string>): Program {
  const nodes: (AnyNode | null)[] = [...program.nodes];
  const uses = new Uses(program);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (!node) continue;
    if (node.op === 'Add') fuseResidual(program, nodes, i, node, uses, keep);
    else if (node.op === 'Unary') fuseActivation(nodes, i, node, uses, keep);
    else if (node.op === 'UnaryGrad') fuseGradient(nodes, i, node, uses, keep);
  }
  return { ...program, nodes: nodes.filter((node) => node !== null) };
}

function fuseResidual(
  program: Program,
  nodes: (AnyNode | null)[],
  i: number,
  node: ProgramNode<'Add'>,
  uses: Uses,
  keep: ReadonlySet<string>,
): void {
  // Prefer the later product: the other operand is then surely there already.
  const sides = [0, 1].sort(
    (a, b) => (uses.producer(node.inputs[b]) ?? -1) - (uses.producer(node.inputs[a]) ?? -1),
  );
  for (const side of sides) {
    const product = node.inputs[side];
    const other = node.inputs[1 - side];
    const at = uses.producer(product);
    if (at === undefined || product === other || keep.has(product) || uses.count(product) !== 1) continue;
    const matmul = nodes[at];
    if (!plainMatMul(matmul) || matmul.inputs[3] || matmul.outputs[1]) continue;
    if (!sameShape(program, product, node.outputs[0]) || !sameShape(program, other, node.outputs[0]))
      continue;
    // The product moves to the place of the Add: its only reader was there.
    nodes[at] = null;
    nodes[i] = {
      ...matmul,
      phase: node.phase,
      inputs: withOperands(matmul.inputs, other),
      outputs: [node.outputs[0]],
      sources: [...matmul.sources, ...node.sources],
    };
    uses.merge(product, node.outputs[0], i);
    return;
  }
}

function fuseActivation(
  nodes: (AnyNode | null)[],
  i: number,
  node: ProgramNode<'Unary'>,
  uses: Uses,
  keep: ReadonlySet<string>,
): void {
  const [z] = node.inputs;
  const at = uses.producer(z);
  if (!ACTIVATIONS.has(node.attributes.kind) || at === undefined) return;
  const matmul = nodes[at];
  if (!plainMatMul(matmul) || matmul.outputs[1]) return;
  const needed = uses.count(z) > 1 || keep.has(z);
  nodes[at] = {
    ...matmul,
    outputs: needed ? [node.outputs[0], z] : [node.outputs[0]],
    attributes: { ...matmul.attributes, activation: node.attributes.kind as Activation },
    sources: [...matmul.sources, ...node.sources],
  };
  nodes[i] = null;
  uses.merge(z, node.outputs[0], at);
}

function fuseGradient(
  nodes: (AnyNode | null)[],
  i: number,
  node: ProgramNode<'UnaryGrad'>,
  uses: Uses,
  keep: ReadonlySet<string>,
): void {
  const [dy, gate] = node.inputs;
  const at = uses.producer(dy);
  if (!ACTIVATIONS.has(node.attributes.kind) || at === undefined) return;
  const matmul = nodes[at];
  if (!plainMatMul(matmul) || matmul.inputs[2] || uses.count(dy) !== 1 || keep.has(dy)) return;
  nodes[at] = {
    ...matmul,
    inputs: withOperands(matmul.inputs, matmul.inputs[3] ?? '', gate),
    outputs: [node.outputs[0]],
    attributes: { ...matmul.attributes, gradient: node.attributes.kind as Activation },
    sources: [...matmul.sources, ...node.sources],
  };
  nodes[i] = null;
  uses.merge(dy, node.outputs[0], at);
}
