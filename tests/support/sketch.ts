/** Writes small programs by hand in tests: shapes are given, names are made. */
import type { AnyNode, OpAttributes, OpName, Program, ProgramValue } from '../../src/graph/program.ts';

export class Sketch {
  readonly program: Program = { values: new Map(), nodes: [], outputs: [] };
  private counter = 0;

  private declare(value: ProgramValue): string {
    this.program.values.set(value.id, value);
    return value.id;
  }

  parameter(id: string, shape: number[]): string {
    return this.declare({ id, shape, type: 'f32', kind: 'parameter' });
  }

  host(id: string, shape: number[], type: 'f32' | 'i32' = 'f32'): string {
    return this.declare({ id, shape, type, kind: 'host' });
  }

  constant(id: string, shape: number[], data: Float32Array | Int32Array): string {
    const type = data instanceof Int32Array ? 'i32' : 'f32';
    return this.declare({ id, shape, type, kind: 'constant', data });
  }

  /** A node with outputs of the given shapes; returns their names. */
  node<Op extends OpName>(
    op: Op,
    inputs: string[],
    attributes: OpAttributes[Op],
    ...shapes: number[][]
  ): string[] {
    const n = this.counter++;
    const outputs = shapes.map((shape, i) =>
      this.declare({ id: `${op}.${n}${i ? `.${i}` : ''}`, shape, type: 'f32', kind: 'node' }),
    );
    const node = { op, inputs, outputs, attributes, sources: [`${op}.${n}`], phase: 'forward' };
    this.program.nodes.push(node as AnyNode);
    return outputs;
  }

  /** A linear x·w + b over [..., K]. */
  linear(x: string, w: string, b = ''): string {
    const xs = this.program.values.get(x)!.shape;
    const n = this.program.values.get(w)!.shape[1];
    const attributes = { transA: false, transB: false, flattenK: false, alpha: 1 };
    const inputs = b ? [x, w, b] : [x, w];
    return this.node('MatMul', inputs, attributes, [...xs.slice(0, -1), n])[0];
  }
}
