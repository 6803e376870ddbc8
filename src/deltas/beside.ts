/** What reparameterised methods share: something computed from a linear's input and added to its output. */
import { StudioError } from '../errors.ts';
import type { Attribute, SourceNode } from '../graph/source.ts';
import type { LinearSite } from '../graph/roles.ts';
import { scalarInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import type { Rewriter } from './rewrite.ts';

/** Nodes in the order they compute, each named under one path. */
export class Chain {
  declare protected readonly nominal: true;
  readonly nodes: SourceNode[] = [];
  readonly rewriter: Rewriter;
  readonly path: string;

  constructor(rewriter: Rewriter, path: string) {
    this.rewriter = rewriter;
    this.path = path;
  }

  /** @returns the node's value */
  op(hint: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const node = this.rewriter.node(`${this.path}/${hint}`, op, inputs, attributes);
    this.nodes.push(node);
    return node.outputs[0];
  }

  /** x times a number; x itself where that is one. */
  scaled(x: string, by: number): string {
    if (by === 1) return x;
    const name = this.rewriter.fresh(`${this.path}/scale`);
    return this.op('Mul', 'Mul', [x, this.rewriter.addInitializer(scalarInitializer(name, by))]);
  }

  reshaped(hint: string, x: string, dims: readonly number[]): string {
    const shape = this.rewriter.integers(`${this.path}/${hint}/shape`, [dims.length], dims);
    return this.op(hint, 'Reshape', [x, shape]);
  }
}

/**
 * y + f(x) for a linear's input x and output y.
 * @param build adds the nodes of f to the chain; returns its value, of y's shape
 */
export function addBeside(
  rewriter: Rewriter,
  site: LinearSite,
  method: string,
  build: (chain: Chain, x: string) => string,
): void {
  const chain = new Chain(rewriter, `/delta/${method}/${site.role}`);
  const delta = build(chain, rewriter.current(site.input));
  const sum = chain.op('Add', 'Add', [site.output, delta]);
  rewriter.insertAfter([site.output], chain.nodes);
  rewriter.redirect(site.output, sum, new Set(chain.nodes));
}

/** A rank that only wastes numbers is a slip. @throws StudioError('spec') */
export function checkRank(
  rank: number,
  { module, inFeatures, outFeatures }: LinearSite,
  where = 'method.rank',
): void {
  const smaller = Math.min(inFeatures, outFeatures);
  if (rank <= smaller) return;
  throw new StudioError(
    'spec',
    say`${field(where)}: got ${rank}, larger than the ${inFeatures} × ${outFeatures} matrix of "${module}"; choose at most ${smaller}.`,
    { where },
  );
}

/** Module names, each once. */
export function modulesOf(sites: readonly LinearSite[]): string[] {
  return [...new Set(sites.map(({ module }) => module))];
}
