/**
 * Walks over a compiled copy of the model, in the terms roles are found in: linears over the model's
 * own parameters, residual additions, norms. A graph that deltas have already rewritten is walked the
 * same way: their branches (over `delta.` tensors) are stepped over.
 */
import { Wiring } from '../fuse/wiring.ts';
import type { AnyNode, Program, ProgramNode } from '../program.ts';
import type { SourceGraph, SourceNode } from '../source.ts';

export type MatMulNode = ProgramNode<'MatMul'>;
export type NormNode = ProgramNode<'LayerNorm'> | ProgramNode<'RmsNorm'>;
export type AttentionNode = ProgramNode<'Attention'>;

/** Layer normalisation, or T5's by the root of the mean square. */
export function isNorm(node: AnyNode | undefined): node is AnyNode & NormNode {
  return node?.op === 'LayerNorm' || node?.op === 'RmsNorm';
}

export class Structure {
  readonly wiring: Wiring;
  readonly program: Program;
  private readonly sources: ReadonlyMap<string, SourceNode>;
  private readonly order: ReadonlyMap<string, number>;
  private readonly producers: ReadonlyMap<string, SourceNode>;

  constructor(program: Program, graph: SourceGraph) {
    this.program = program;
    this.wiring = new Wiring(program);
    this.sources = new Map(graph.nodes.map((node) => [node.name, node]));
    this.order = new Map(graph.nodes.map((node, i) => [node.name, i]));
    this.producers = new Map(
      graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
    );
  }

  /** Source nodes a program node stands for, in the order of the source graph. */
  sourceNodes(node: AnyNode | ProgramNode): SourceNode[] {
    const position = (source: SourceNode): number => this.order.get(source.name)!;
    return node.sources
      .flatMap((name) => this.sources.get(name) ?? [])
      .sort((a, b) => position(a) - position(b));
  }

  /** The source node that makes a source value. */
  sourceProducer(value: string): SourceNode | undefined {
    return this.producers.get(value);
  }

  /** True for a matmul by a matrix of the model itself. */
  isLinear(node: AnyNode | undefined): node is AnyNode & MatMulNode {
    return node?.op === 'MatMul' && !node.attributes.transA && this.isOwnMatrix(node.inputs[1]);
  }

  private isOwnMatrix(id: string): boolean {
    const value = this.program.values.get(id)!;
    return value.kind === 'parameter' && value.shape.length === 2 && !id.startsWith('delta.');
  }

  /** The value before dropout. */
  beforeDropout(id: string): string {
    const dropout = this.wiring.made(id, 'Dropout');
    return dropout ? this.beforeDropout(dropout.inputs[0]) : id;
  }

  /** The linear whose result the value is, give or take what deltas and views added to it. */
  linearInto(id: string, depth = 8): MatMulNode | undefined {
    const node = this.wiring.producer(id);
    if (!node || depth === 0) return undefined;
    if (this.isLinear(node)) return node;
    if (!['Add', 'Mul', 'Concat', 'Dropout', 'Reshape', 'Transpose', 'Unary'].includes(node.op))
      return undefined;
    if (node.op === 'Unary' && node.attributes.kind !== 'Scale') return undefined;
    for (const input of node.inputs) {
      const found = this.linearInto(input, depth - 1);
      if (found) return found;
    }
    return undefined;
  }

  /** The value and what is it but for dropout and a delta's factors. */
  guises(id: string): string[] {
    const more = this.wiring.readers(id).flatMap((reader) => {
      const scaled = reader.op === 'Mul' && reader.inputs.some((input) => input.startsWith('delta.'));
      return reader.op === 'Dropout' || scaled ? this.guises(reader.outputs[0]) : [];
    });
    return [id, ...more];
  }

  /** Linears that read the value, in program order. */
  linearsOf(id: string): MatMulNode[] {
    const readers = this.guises(id).flatMap((guise) =>
      this.wiring.readers(guise).filter((reader) => this.isLinear(reader) && reader.inputs[0] === guise),
    );
    return readers as MatMulNode[];
  }

  /** The norm that reads the value. */
  normOf(id: string): NormNode | undefined {
    const norm = this.wiring.readers(id).find((reader) => isNorm(reader) && reader.inputs[0] === id);
    return norm as NormNode | undefined;
  }

  /** The norm that makes the value, seen through dropout. */
  normInto(id: string): NormNode | undefined {
    const value = this.beforeDropout(id);
    const node = this.wiring.producer(value);
    return isNorm(node) && node.outputs[0] === value ? node : undefined;
  }

  /** The first linear after the value, through activations, gates and views; and the first activation met. */
  linearAfter(id: string, depth = 6): { linear: MatMulNode; activated: boolean } | undefined {
    if (depth === 0) return undefined;
    for (const reader of this.wiring.readers(id)) {
      if (this.isLinear(reader)) return { linear: reader, activated: false };
      if (!['Unary', 'Mul', 'Add', 'Dropout', 'Reshape', 'Slice'].includes(reader.op)) continue;
      const found = this.linearAfter(reader.outputs[0], depth - 1);
      const activates = reader.op === 'Unary' && reader.attributes.kind !== 'Scale';
      if (found) return { linear: found.linear, activated: found.activated || activates };
    }
    return undefined;
  }

  /** Where what comes out of a sub-layer is added to one of `residuals`. */
  joins(
    from: string,
    residuals: ReadonlySet<string>,
  ): { add: AnyNode; output: string; residual: string } | undefined {
    const queue = [from];
    const seen = new Set(queue);
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      for (const reader of this.wiring.readers(id)) {
        if (!['Add', 'Dropout', 'Mul', 'Unary', 'MatMul'].includes(reader.op) && !isNorm(reader)) continue;
        if (reader.op === 'Add') {
          const residual = reader.inputs.find((input) => input !== id && residuals.has(input));
          if (residual !== undefined) return { add: reader, output: id, residual };
        }
        // Norms and the model's own linears end the sub-layer; a delta's belong to it.
        if (isNorm(reader) || this.isLinear(reader)) continue;
        if (!seen.has(reader.outputs[0])) {
          seen.add(reader.outputs[0]);
          queue.push(reader.outputs[0]);
        }
      }
    }
    return undefined;
  }
}
