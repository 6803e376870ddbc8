/**
 * What patterns are matched on: who makes a value and who reads it. A pass looks for the last node of
 * a pattern and puts the fused node in its place; what is no longer read is swept away afterwards, so
 * a pattern whose inner values are also used elsewhere stays right.
 */
import type { AnyNode, OpName, Program, ProgramNode, UnaryKind } from '../program.ts';

export class Wiring {
  readonly program: Program;
  private readonly producers = new Map<string, AnyNode>();
  private readonly consumers = new Map<string, AnyNode[]>();
  private readonly outputs: ReadonlySet<string>;

  constructor(program: Program) {
    this.program = program;
    this.outputs = new Set(program.outputs);
    for (const node of program.nodes) {
      for (const id of node.outputs) if (id !== '') this.producers.set(id, node);
      for (const id of node.inputs) {
        if (id === '') continue;
        const readers = this.consumers.get(id);
        if (readers) readers.push(node);
        else this.consumers.set(id, [node]);
      }
    }
  }

  producer(id: string): AnyNode | undefined {
    return this.producers.get(id);
  }

  readers(id: string): readonly AnyNode[] {
    return this.consumers.get(id) ?? [];
  }

  /** The node that makes `id`, when it is an `op`. */
  made<Op extends OpName>(id: string, op: Op): ProgramNode<Op> | undefined {
    const node = this.producers.get(id);
    return node?.op === op && node.outputs[0] === id ? (node as ProgramNode<Op>) : undefined;
  }

  /** The node that makes `id`, when it is the given unary function. */
  unary(id: string, kind: UnaryKind): ProgramNode<'Unary'> | undefined {
    const node = this.made(id, 'Unary');
    return node?.attributes.kind === kind ? node : undefined;
  }

  /** True when one node alone reads the value, once, and it is not a result of the program. */
  single(id: string): boolean {
    const readers = this.consumers.get(id) ?? [];
    return readers.length === 1 && !this.outputs.has(id);
  }

  isOutput(id: string): boolean {
    return this.outputs.has(id);
  }

  shape(id: string): readonly number[] {
    return this.program.values.get(id)!.shape;
  }
}

/**
 * Replaces nodes: `replace` gives the nodes to put in a node's place, or nothing to keep it.
 * @returns whether anything changed
 */
export function replaceNodes(
  program: Program,
  replace: (node: AnyNode, wiring: Wiring) => readonly AnyNode[] | undefined,
): boolean {
  const wiring = new Wiring(program);
  let changed = false;
  program.nodes = program.nodes.flatMap((node) => {
    const replacement = replace(node, wiring);
    if (!replacement) return [node];
    changed = true;
    return [...replacement];
  });
  return changed;
}

/** Makes every reader of a key read its value instead. Chains of keys are followed. */
export function substitute(program: Program, names: ReadonlyMap<string, string>): void {
  if (names.size === 0) return;
  const resolve = (id: string): string => {
    let at = id;
    for (let next = names.get(at); next !== undefined; next = names.get(at)) at = next;
    return at;
  };
  for (const node of program.nodes) node.inputs = node.inputs.map(resolve);
}

/** A forward node standing for the sources of several. */
export function fused<Op extends OpName>(
  node: Omit<ProgramNode<Op>, 'sources' | 'phase'>,
  parts: readonly (AnyNode | ProgramNode | undefined)[],
): AnyNode {
  const sources = [...new Set(parts.flatMap((part) => part?.sources ?? []))];
  return { ...node, sources, phase: 'forward' } as AnyNode;
}

/** Adds a value that some new node computes, under a free id built from `label`. Returns the id. */
export function addValue(program: Program, label: string, shape: readonly number[]): string {
  let id = label;
  for (let n = 1; program.values.has(id); n++) id = `${label}#${n}`;
  program.values.set(id, { id, shape: [...shape], type: 'f32', kind: 'node' });
  return id;
}
