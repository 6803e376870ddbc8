/** Nodes that several methods add, spelled for the operator set of the graph they go into. */
import type { SourceNode } from '../graph/source.ts';
import { scalarInitializer } from '../graph/tensor.ts';
import type { AdapterActivation } from './adapter-options.ts';
import type { Rewriter } from './rewrite.ts';

/** An ONNX Dropout: identity in inference, so an exported file needs no other form of the graph. */
export function dropoutNode(rewriter: Rewriter, hint: string, x: string, rate: number): SourceNode {
  if (rewriter.graph.opset < 12) return rewriter.node(hint, 'Dropout', [x], { ratio: rate });
  const ratio = rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${hint}/ratio`), rate));
  return rewriter.node(hint, 'Dropout', [x, ratio]);
}

/** A range of one axis. */
export function sliceNode(
  rewriter: Rewriter,
  hint: string,
  x: string,
  axis: number,
  [start, end]: readonly [number, number],
): SourceNode {
  const bounds = [start, end, axis].map((n, i) =>
    rewriter.integers(`${hint}/${['starts', 'ends', 'axes'][i]}`, [1], [n]),
  );
  return rewriter.node(hint, 'Slice', [x, ...bounds]);
}

/** Rows [P, width] as [batch, P, width]: alike for all, or each text's scaled by its own gate. */
export function rowsOfBatch(
  rewriter: Rewriter,
  path: string,
  rows: string,
  shape: string,
  gate: string | undefined,
): SourceNode {
  return gate === undefined
    ? rewriter.node(`${path}/Expand`, 'Expand', [rows, shape])
    : rewriter.node(`${path}/Mul`, 'Mul', [rows, gate]);
}

/** Sum over one axis, dropping it unless `keep`. Axes are an attribute before opset 13 and an input from then on. */
export function reduceSumNode(
  rewriter: Rewriter,
  hint: string,
  x: string,
  axis: number,
  keep = false,
): SourceNode {
  const keepdims = keep ? 1 : 0;
  if (rewriter.graph.opset < 13) return rewriter.node(hint, 'ReduceSum', [x], { axes: [axis], keepdims });
  const axes = rewriter.integers(`${hint}/axes`, [1], [axis]);
  return rewriter.node(hint, 'ReduceSum', [x, axes], { keepdims });
}

/** The activation over `x`. GELU is the exact one, over Erf, as exporters write it. */
export function activationNodes(
  rewriter: Rewriter,
  hint: string,
  kind: AdapterActivation,
  x: string,
): SourceNode[] {
  const scalar = (name: string, value: number): string =>
    rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${hint}/${name}`), value));
  switch (kind) {
    case 'relu':
      return [rewriter.node(`${hint}/Relu`, 'Relu', [x])];
    case 'tanh':
      return [rewriter.node(`${hint}/Tanh`, 'Tanh', [x])];
    case 'silu': {
      const sigmoid = rewriter.node(`${hint}/Sigmoid`, 'Sigmoid', [x]);
      return [sigmoid, rewriter.node(`${hint}/Mul`, 'Mul', [x, sigmoid.outputs[0]])];
    }
    case 'gelu': {
      const scaled = rewriter.node(`${hint}/Div`, 'Div', [x, scalar('sqrt2', Math.SQRT2)]);
      const erf = rewriter.node(`${hint}/Erf`, 'Erf', [scaled.outputs[0]]);
      const shifted = rewriter.node(`${hint}/Add`, 'Add', [erf.outputs[0], scalar('one', 1)]);
      const product = rewriter.node(`${hint}/Mul`, 'Mul', [x, shifted.outputs[0]]);
      const half = rewriter.node(`${hint}/Mul_1`, 'Mul', [product.outputs[0], scalar('half', 0.5)]);
      return [scaled, erf, shifted, product, half];
    }
  }
}
