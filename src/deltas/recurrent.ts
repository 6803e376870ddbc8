/**
 * A bidirectional LSTM over a short sequence, written out step by step in ordinary ONNX nodes: gates
 * i, f, g, o = W_ih·x + b_ih + W_hh·h + b_hh in PyTorch's order; c' = σ(f)·c + σ(i)·tanh(g); h' = σ(o)·tanh(c').
 * Both directions take their steps together, as a batch of two.
 */
import type { SourceNode } from '../graph/source.ts';
import { sliceNode } from './nodes.ts';
import type { Rewriter } from './rewrite.ts';

/** Weights of one direction: w_ih [in, 4·hidden], w_hh [hidden, 4·hidden], biases [4·hidden]. */
export interface LstmWeights {
  wIh: string;
  wHh: string;
  bIh: string;
  bHh: string;
}

/**
 * @param x value [steps, in]
 * @param directions forward and backward
 * @param nodes where the nodes are put, in order
 * @returns value [steps, 2·hidden], forward and backward side by side
 */
export function bidirectionalLstm(
  rewriter: Rewriter,
  hint: string,
  x: string,
  steps: number,
  hidden: number,
  directions: readonly [LstmWeights, LstmWeights],
  nodes: SourceNode[],
): string {
  const keep = (node: SourceNode): string => {
    nodes.push(node);
    return node.outputs[0];
  };
  const make = (part: string, op: string, inputs: string[], attributes = {}): string =>
    keep(rewriter.node(`${hint}/${part}`, op, inputs, attributes));
  const slice = (part: string, value: string, axis: number, range: [number, number]): string =>
    keep(sliceNode(rewriter, `${hint}/${part}`, value, axis, range));

  const entering = directions.map(({ wIh, bIh, bHh }) =>
    make('gates/Add_1', 'Add', [
      make('gates/Add', 'Add', [make('gates/MatMul', 'MatMul', [x, wIh]), bIh]),
      bHh,
    ]),
  );
  const three = rewriter.integers(`${hint}/matrix`, [3], [1, hidden, 4 * hidden]);
  const recurrent = make(
    'w_hh/Concat',
    'Concat',
    directions.map(({ wHh }) => make('w_hh/Reshape', 'Reshape', [wHh, three])),
    { axis: 0 },
  );
  const step = rewriter.integers(`${hint}/step`, [3], [2, 1, 4 * hidden]);
  const states: string[] = [];
  let [h, c] = ['', ''];
  for (let t = 0; t < steps; t++) {
    const rows = entering.map((gates, k) => {
      const row = k === 0 ? t : steps - 1 - t;
      return slice(`step${t}/row`, gates, 0, [row, row + 1]);
    });
    let gates = make(`step${t}/Reshape`, 'Reshape', [
      make(`step${t}/Concat`, 'Concat', rows, { axis: 0 }),
      step,
    ]);
    if (t > 0)
      gates = make(`step${t}/Add`, 'Add', [gates, make(`step${t}/MatMul`, 'MatMul', [h, recurrent])]);
    const open = make(`step${t}/Sigmoid`, 'Sigmoid', [gates]);
    const gate = (i: number): string => slice(`step${t}/gate`, open, 2, [i * hidden, (i + 1) * hidden]);
    const g = make(`step${t}/Tanh`, 'Tanh', [slice(`step${t}/g`, gates, 2, [2 * hidden, 3 * hidden])]);
    const fresh = make(`step${t}/Mul`, 'Mul', [gate(0), g]);
    c = t === 0 ? fresh : make(`step${t}/Add_1`, 'Add', [make(`step${t}/Mul_1`, 'Mul', [gate(1), c]), fresh]);
    h = make(`step${t}/Mul_2`, 'Mul', [gate(3), make(`step${t}/Tanh_1`, 'Tanh', [c])]);
    states.push(h);
  }
  const flat = rewriter.integers(`${hint}/flat`, [2], [steps, hidden]);
  const sides = [states, [...states].reverse()].map((order, k) => {
    const all = make('states/Concat', 'Concat', order, { axis: 1 });
    return make('states/Reshape', 'Reshape', [slice('states/side', all, 0, [k, k + 1]), flat]);
  });
  return make('output/Concat', 'Concat', sides, { axis: 1 });
}
