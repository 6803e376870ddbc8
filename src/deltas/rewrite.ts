/** Small edits of a source graph that every rewrite is made of. */
import type { DeltaModel } from './delta.ts';
import type { Attribute, Initializer, SourceGraph, SourceNode } from '../graph/source.ts';
import { cloneSourceGraph } from '../graph/source.ts';
import { intInitializer } from '../graph/tensor.ts';

/** Works on a clone; `graph` is the result, always topologically ordered. */
export class Rewriter {
  readonly graph: SourceGraph;
  /** Values redirected so far, those of earlier rewrites included. */
  readonly moved: Map<string, string>;
  private readonly names: Set<string>;

  constructor({ graph, moved }: Pick<DeltaModel, 'graph' | 'moved'>) {
    this.graph = cloneSourceGraph(graph);
    this.moved = new Map(moved);
    this.names = new Set([
      ...this.graph.initializers.keys(),
      ...this.graph.inputs.map((input) => input.name),
      ...this.graph.nodes.flatMap((node) => [node.name, ...node.outputs]),
    ]);
  }

  /** A name nothing in the graph has. */
  fresh(hint: string): string {
    let name = hint;
    for (let i = 1; this.names.has(name); i++) name = `${hint}_${i}`;
    this.names.add(name);
    return name;
  }

  addInitializer(initializer: Initializer): string {
    this.graph.initializers.set(initializer.name, initializer);
    this.names.add(initializer.name);
    return initializer.name;
  }

  /** An int64 constant; its name is made from `hint`. */
  integers(hint: string, dims: readonly number[], data: readonly number[]): string {
    return this.addInitializer(intInitializer(this.fresh(hint), data, dims));
  }

  /** A node with one output; node and output are both named from `hint`. */
  node(hint: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): SourceNode {
    const name = this.fresh(hint);
    return { name, op, domain: '', inputs, outputs: [this.fresh(`${name}_output`)], attributes };
  }

  /** Position of the node that produces `value`; −1 for inputs and initializers. */
  producerIndex(value: string): number {
    return this.graph.nodes.findIndex((node) => node.outputs.includes(value));
  }

  /** Insert nodes, in order, right after the last producer of the given values. */
  insertAfter(values: readonly string[], nodes: readonly SourceNode[]): void {
    const at = Math.max(...values.map((value) => this.producerIndex(value)));
    this.graph.nodes.splice(at + 1, 0, ...nodes);
  }

  /**
   * Copies of the nodes by which `from` becomes `to`, reading `replacement` in the place of `from`. What else
   * they read they share with the originals.
   * @returns the copies, not yet inserted, and what stands for `to`
   */
  copyBetween(
    from: string,
    to: string,
    replacement: string,
    hint: string,
  ): { nodes: SourceNode[]; value: string } {
    const wanted = new Set([to]);
    const leading = this.graph.nodes.toReversed().filter(({ inputs, outputs }) => {
      if (!outputs.some((output) => wanted.has(output))) return false;
      for (const input of inputs) if (input !== from) wanted.add(input);
      return true;
    });
    const names = new Map([[from, replacement]]);
    const nodes: SourceNode[] = [];
    for (const node of leading.reverse()) {
      if (!node.inputs.some((input) => names.has(input))) continue;
      for (const output of node.outputs) if (output) names.set(output, this.fresh(`${hint}/${output}`));
      const renamed = (value: string): string => names.get(value) ?? value;
      nodes.push({
        ...node,
        name: this.fresh(`${hint}/${node.op}`),
        inputs: node.inputs.map(renamed),
        outputs: node.outputs.map(renamed),
      });
    }
    return { nodes, value: names.get(to)! };
  }

  /** What stands for a value of the untouched graph now. */
  current(value: string): string {
    return this.moved.get(value) ?? value;
  }

  /** Let every reader of `from` read `to`, but for the given nodes. A graph output keeps its name. */
  redirect(from: string, to: string, except: ReadonlySet<SourceNode>): void {
    for (const node of this.graph.nodes) {
      if (except.has(node)) continue;
      node.inputs = node.inputs.map((input) => (input === from ? to : input));
    }
    for (const [key, value] of this.moved) if (value === from) this.moved.set(key, to);
    // A value moved before keeps its latest stand-in: that one now builds on `to`.
    if (!this.moved.has(from)) this.moved.set(from, to);
    if (this.graph.outputs.some((output) => output.name === from)) this.swapNames(from, to);
  }

  /** The graph output `output` must keep its name: its producer gets the other one. */
  private swapNames(output: string, replacement: string): void {
    const inner = this.fresh(`${output}_inner`);
    const swap = (name: string): string => (name === output ? inner : name === replacement ? output : name);
    for (const node of this.graph.nodes) {
      node.inputs = node.inputs.map(swap);
      node.outputs = node.outputs.map(swap);
    }
    for (const [key, value] of [...this.moved]) {
      this.moved.delete(key);
      this.moved.set(swap(key), swap(value));
    }
  }
}
