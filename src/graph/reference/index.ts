/** The float64 reference of every op of the program, typed so that none can be forgotten. */
import { attention, attentionGrad } from './attention.ts';
import { add, div, mul, sub, unary, unaryGrad, where } from './elementwise.ts';
import { fastfood, fastfoodGrad, hadamard } from './fastfood.ts';
import { gather, gatherGrad } from './embedding.ts';
import { concat, expand, pad, reshape, slice, transpose } from './layout.ts';
import { linearCrossEntropy, linearCrossEntropyGrad } from './linear-loss.ts';
import { crossEntropy, crossEntropyGrad, meanSquared, meanSquaredGrad } from './loss.ts';
import { matMul } from './matmul.ts';
import { layerNorm, layerNormGrad, layerNormParamGrad } from './norm.ts';
import type { ReferenceTable } from './op.ts';
import { rmsNorm, rmsNormGrad, rmsNormParamGrad } from './rmsnorm.ts';
import { dropout, gated, gatedGrad, hardConcrete, hardConcreteGrad } from './random.ts';
import { reduce } from './reduce.ts';
import { topK, write } from './search.ts';
import { softmax, softmaxGrad } from './softmax.ts';
import { scatter, sparseMatMul, sparseMatMulGrad } from './sparse.ts';

export const referenceOps: ReferenceTable = {
  MatMul: matMul,
  Attention: attention,
  AttentionGrad: attentionGrad,
  Unary: unary,
  UnaryGrad: unaryGrad,
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Where: where,
  LayerNorm: layerNorm,
  LayerNormGrad: layerNormGrad,
  LayerNormParamGrad: layerNormParamGrad,
  RmsNorm: rmsNorm,
  RmsNormGrad: rmsNormGrad,
  RmsNormParamGrad: rmsNormParamGrad,
  Softmax: softmax,
  SoftmaxGrad: softmaxGrad,
  Gather: gather,
  GatherGrad: gatherGrad,
  Concat: concat,
  Slice: slice,
  Pad: pad,
  Reshape: reshape,
  Transpose: transpose,
  Expand: expand,
  Reduce: reduce,
  CrossEntropy: crossEntropy,
  CrossEntropyGrad: crossEntropyGrad,
  LinearCrossEntropy: linearCrossEntropy,
  LinearCrossEntropyGrad: linearCrossEntropyGrad,
  MeanSquared: meanSquared,
  MeanSquaredGrad: meanSquaredGrad,
  Dropout: dropout,
  HardConcrete: hardConcrete,
  HardConcreteGrad: hardConcreteGrad,
  Gated: gated,
  GatedGrad: gatedGrad,
  Scatter: scatter,
  SparseMatMul: sparseMatMul,
  SparseMatMulGrad: sparseMatMulGrad,
  Hadamard: hadamard,
  Fastfood: fastfood,
  FastfoodGrad: fastfoodGrad,
  Write: write,
  TopK: topK,
};
