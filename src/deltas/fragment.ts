/** Nodes that training computes beside the model (rules.ts), written one after another. */
import type { Initializer, SourceNode } from '../graph/source.ts';
import { scalarInitializer } from '../graph/tensor.ts';
import type { Fragment } from './rules.ts';

/** A fragment that grows: each node and constant is named under one path, which no other fragment may have. */
export class FragmentChain implements Fragment {
  declare protected readonly nominal: true;
  readonly nodes: SourceNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @returns the node's value */
  op(op: string, inputs: string[], attributes: SourceNode['attributes'] = {}): string {
    const output = `${this.path}.${this.nodes.length}`;
    this.nodes.push({ name: `/${output}/${op}`, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  /** @returns its name */
  constant(initializer: Initializer): string {
    this.initializers.push(initializer);
    return initializer.name;
  }

  scalar(name: string, value: number): string {
    return this.constant(scalarInitializer(`${this.path}.${name}`, value));
  }
}
