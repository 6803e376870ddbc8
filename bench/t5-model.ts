/**
 * A small T5 with random weights, as the joined source graph of its two exports: to time generation with.
 * Position biases are rows of one table a stack rather than buckets, which costs the same.
 */
import type { Attribute, Parameter, SourceGraph } from '../src/graph/source.ts';
import { floatInitializer, intInitializer, scalarInitializer } from '../src/graph/tensor.ts';
import { normals } from '../src/measure/random-bert.ts';

export interface T5Config {
  hidden: number;
  layers: number;
  heads: number;
  inner: number;
  vocabulary: number;
}

/** Longest target the tables have rows for. */
const POSITIONS = 128;

export interface T5Model {
  graph: SourceGraph;
  parameters: Map<string, Parameter>;
  config: Record<string, unknown>;
}

/** @param fill what a weight of so many numbers holds; random by default */
export function t5Model(config: T5Config, fill = normals): T5Model {
  return new T5Writer(config, fill).write();
}

class T5Writer {
  readonly #config: T5Config;
  readonly #fill: typeof normals;
  readonly #parameters = new Map<string, Parameter>();
  readonly #graph: SourceGraph;

  constructor(config: T5Config, fill: typeof normals) {
    this.#config = config;
    this.#fill = fill;
    const input = (name: string, length: string) => ({
      name,
      type: 'int64' as const,
      dims: ['batch', length],
    });
    this.#graph = {
      name: 't5',
      opset: 17,
      nodes: [],
      initializers: new Map(),
      inputs: [
        input('input_ids', 'length'),
        input('attention_mask', 'length'),
        input('decoder_input_ids', 'target'),
      ],
      outputs: [{ name: 'logits', type: 'float32', dims: ['batch', 'target', config.vocabulary] }],
    };
  }

  write(): T5Model {
    const { hidden, layers, vocabulary, heads } = this.#config;
    const table = this.#weight('shared.weight', [vocabulary, hidden]);
    const encoder = this.#stack('encoder', this.#add('encoder/embed', 'Gather', [table, 'input_ids']));
    const target = this.#add('decoder/embed', 'Gather', [table, 'decoder_input_ids']);
    const decoder = this.#stack('decoder', target, encoder);
    this.#add('logits', 'MatMul', [decoder, this.#weight('lm_head.weight', [hidden, vocabulary])]);
    return {
      graph: this.#graph,
      parameters: this.#parameters,
      config: { model_type: 't5', d_model: hidden, num_layers: layers, num_heads: heads, pad_token_id: 0 },
    };
  }

  #stack(stack: 'encoder' | 'decoder', input: string, encoded?: string): string {
    let x = input;
    const own = stack === 'encoder' ? this.#mask() : this.#causal();
    for (let i = 0; i < this.#config.layers; i++) {
      const layer = `${stack}.block.${i}`;
      const z = this.#norm(`${layer}.self.norm`, x);
      x = this.#residual(`${layer}.self`, x, this.#attention(`${layer}.self`, z, z, own));
      if (encoded !== undefined) {
        const y = this.#norm(`${layer}.cross.norm`, x);
        const read = this.#attention(`${layer}.cross`, y, encoded, this.#mask());
        x = this.#residual(`${layer}.cross`, x, read);
      }
      const { hidden, inner } = this.#config;
      const wide = this.#linear(`${layer}.wi`, this.#norm(`${layer}.ffn.norm`, x), hidden, inner);
      const out = this.#linear(`${layer}.wo`, this.#add(`${layer}/relu`, 'Relu', [wide]), inner, hidden);
      x = this.#residual(`${layer}.ffn`, x, out);
    }
    return this.#norm(`${stack}.norm`, x);
  }

  #attention(path: string, from: string, to: string, bias: string): string {
    const { hidden, heads } = this.#config;
    const split = this.#ints('split', [0, 0, heads, hidden / heads]);
    const [q, k, v] = ['q', 'k', 'v'].map((part) => {
      const y = this.#linear(`${path}.${part}`, part === 'q' ? from : to, hidden, hidden);
      const apart = this.#add(`${path}/${part}/split`, 'Reshape', [y, split]);
      const perm = part === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3];
      return this.#add(`${path}/${part}/turn`, 'Transpose', [apart], { perm });
    });
    const scores = this.#add(`${path}/biased`, 'Add', [this.#add(`${path}/scores`, 'MatMul', [q, k]), bias]);
    const weights = this.#add(`${path}/softmax`, 'Softmax', [scores], { axis: -1 });
    const context = this.#add(`${path}/context`, 'MatMul', [weights, v]);
    const back = this.#add(`${path}/back`, 'Transpose', [context], { perm: [0, 2, 1, 3] });
    const joined = this.#add(`${path}/joined`, 'Reshape', [back, this.#ints('merged', [0, 0, hidden])]);
    return this.#linear(`${path}.o`, joined, hidden, hidden);
  }

  /** Root mean square normalisation, as exporters write it out. */
  #norm(module: string, x: string): string {
    const square = this.#add(`${module}/square`, 'Pow', [x, this.#scalar('two', 2)]);
    const mean = this.#add(`${module}/mean`, 'ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const root = this.#add(`${module}/root`, 'Sqrt', [
      this.#add(`${module}/epsilon`, 'Add', [mean, this.#scalar('epsilon', 1e-6)]),
    ]);
    const inverse = this.#add(`${module}/inverse`, 'Div', [this.#scalar('unity', 1), root]);
    const scaled = this.#add(`${module}/scaled`, 'Mul', [x, inverse]);
    const weight = this.#weight(`${module}.weight`, [this.#config.hidden], 1);
    return this.#add(`${module}/out`, 'Mul', [weight, scaled]);
  }

  #linear(module: string, x: string, from: number, to: number): string {
    return this.#add(`${module}/MatMul`, 'MatMul', [x, this.#weight(`${module}.weight`, [from, to])]);
  }

  #residual(path: string, x: string, y: string): string {
    return this.#add(`${path}/residual`, 'Add', [x, y]);
  }

  /** The source's padding as an additive bias [batch, 1, 1, length]. */
  #mask(): string {
    if (this.#graph.nodes.some(({ name }) => name === 'mask')) return 'mask';
    const wide = this.#add('mask/wide', 'Unsqueeze', ['attention_mask', this.#ints('axes', [1, 2])]);
    const kept = this.#add('mask/kept', 'Cast', [wide], { to: 1 });
    const gone = this.#add('mask/gone', 'Sub', [this.#scalar('unity', 1), kept]);
    return this.#add('mask', 'Mul', [gone, this.#scalar('lowest', -3.4e38)]);
  }

  /** Positions and causality of the target [1, heads, target, target]: a corner of a table of weights. */
  #causal(): string {
    const { heads } = this.#config;
    const table = 'decoder.positions.weight';
    const data = this.#fill(table, heads * POSITIONS * POSITIONS);
    data.forEach((_, i) => {
      if (i % POSITIONS > Math.floor(i / POSITIONS) % POSITIONS) data[i] = -1e9;
    });
    this.#tensor(table, [1, heads, POSITIONS, POSITIONS], data);
    const shape = this.#add('target/shape', 'Shape', ['decoder_input_ids']);
    const length = this.#add('target/length', 'Slice', [
      shape,
      this.#ints('one', [1]),
      this.#ints('two#int', [2]),
    ]);
    const ends = this.#add('target/ends', 'Concat', [length, length], { axis: 0 });
    return this.#add('decoder/bias', 'Slice', [
      table,
      this.#ints('zeros', [0, 0]),
      ends,
      this.#ints('last', [2, 3]),
    ]);
  }

  #add(output: string, op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    this.#graph.nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  #weight(name: string, dims: number[], value?: number): string {
    const size = dims.reduce((n, d) => n * d, 1);
    return this.#tensor(
      name,
      dims,
      value === undefined ? this.#fill(name, size) : new Float32Array(size).fill(value),
    );
  }

  #tensor(name: string, dims: number[], data: Float32Array): string {
    this.#graph.initializers.set(name, floatInitializer(name, dims, data));
    this.#parameters.set(name, { name, dims, transposed: false, originalName: name });
    return name;
  }

  #ints(name: string, values: number[]): string {
    this.#graph.initializers.set(name, intInitializer(name, values));
    return name;
  }

  #scalar(name: string, value: number): string {
    this.#graph.initializers.set(name, scalarInitializer(name, value));
    return name;
  }
}
