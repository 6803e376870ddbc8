/** One backward rule per op; the type makes an omission a compile error. */
import type { RuleTable } from './rule.ts';
import { matMulRule } from './rules-matmul.ts';
import { addRule, divRule, mulRule, subRule, unaryRule, whereRule } from './rules-elementwise.ts';
import {
  concatRule,
  expandRule,
  gatherRule,
  padRule,
  reduceRule,
  reshapeRule,
  sliceRule,
  transposeRule,
} from './rules-layout.ts';
import {
  attentionRule,
  crossEntropyRule,
  dropoutRule,
  layerNormRule,
  linearCrossEntropyRule,
  meanSquaredRule,
  softmaxRule,
} from './rules-blocks.ts';

export const backwardRules: RuleTable = {
  MatMul: matMulRule,
  Unary: unaryRule,
  Add: addRule,
  Sub: subRule,
  Mul: mulRule,
  Div: divRule,
  Where: whereRule,
  LayerNorm: layerNormRule,
  Softmax: softmaxRule,
  Attention: attentionRule,
  Gather: gatherRule,
  Concat: concatRule,
  Slice: sliceRule,
  Pad: padRule,
  Reshape: reshapeRule,
  Transpose: transposeRule,
  Expand: expandRule,
  Reduce: reduceRule,
  CrossEntropy: crossEntropyRule,
  LinearCrossEntropy: linearCrossEntropyRule,
  MeanSquared: meanSquaredRule,
  Dropout: dropoutRule,
  UnaryGrad: null,
  LayerNormGrad: null,
  LayerNormParamGrad: null,
  SoftmaxGrad: null,
  AttentionGrad: null,
  GatherGrad: null,
  CrossEntropyGrad: null,
  LinearCrossEntropyGrad: null,
  MeanSquaredGrad: null,
};
