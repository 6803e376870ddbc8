/** Backward of the fused blocks: normalisation, softmax, attention, dropout, losses. */
import { say } from '../sentence.ts';
import { noGradient } from './builder.ts';
import type { Rule, RuleContext } from './rule.ts';

export const layerNormRule: Rule<'LayerNorm'> = ({ node, dy, builder, needs, give }) => {
  const [x, gamma, beta] = node.inputs;
  const [, mean, rstd] = node.outputs;
  const { sources } = node;
  if (needs(1) || needs(2)) {
    const dgamma = needs(1) ? builder.declare(`d:${gamma}`, builder.shape(gamma)) : '';
    const dbeta = needs(2) ? builder.declare(`d:${beta}`, builder.shape(beta)) : '';
    builder.emit('LayerNormParamGrad', [dy, x, mean, rstd], [dgamma, dbeta], {}, sources);
    if (dgamma) give(1, dgamma);
    if (dbeta) give(2, dbeta);
  }
  if (needs(0)) {
    const inputs = [dy, x, gamma, mean, rstd];
    give(0, builder.apply('LayerNormGrad', inputs, {}, builder.shape(x), `d:${x}`, sources));
  }
};

export const rmsNormRule: Rule<'RmsNorm'> = ({ node, dy, builder, needs, give }) => {
  const [x, gamma] = node.inputs;
  const [, rstd] = node.outputs;
  const { sources } = node;
  if (needs(1)) {
    const shape = builder.shape(gamma);
    give(1, builder.apply('RmsNormParamGrad', [dy, x, rstd], {}, shape, `d:${gamma}`, sources));
  }
  if (needs(0))
    give(0, builder.apply('RmsNormGrad', [dy, x, gamma, rstd], {}, builder.shape(x), `d:${x}`, sources));
};

export const softmaxRule: Rule<'Softmax'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  const [y] = node.outputs;
  give(0, builder.apply('SoftmaxGrad', [dy, y], {}, builder.shape(x), `d:${x}`, node.sources));
};

export const attentionRule: Rule<'Attention'> = (context) => {
  const { node, dy, builder, needs, give, giveValue } = context;
  const [q, k, v, bias] = node.inputs;
  const [y, lse] = node.outputs;
  const outputs = [q, k, v].map((x, i) => (needs(i) ? builder.declare(`d:${x}`, builder.shape(x)) : ''));
  const added = bias && needs(3) ? trainedPart(context, bias) : undefined;
  if (added) {
    const shape = builder.shape(added);
    const [queries, keys] = [builder.shape(q)[1], builder.shape(k)[1]];
    if (shape.length !== 4 || shape[2] !== queries || shape[3] !== keys)
      throw noGradient(
        node,
        say`its bias has shape [${shape.join(', ')}], not one number for each query and key`,
      );
    outputs.push(builder.declare(`d:${added}`, shape));
  }
  if (outputs.every((o) => o === '')) return;
  const inputs = [dy, q, k, v, bias ?? '', y, lse];
  builder.emit('AttentionGrad', inputs, outputs, { ...node.attributes }, node.sources);
  outputs.slice(0, 3).forEach((o, i) => {
    if (o) give(i, o);
  });
  if (added) giveValue(added, outputs[3]);
};

/**
 * A bias of positions and a mask is their sum, and only one of the two trains: its gradient is asked for at once,
 * so that the sum over the batch takes no memory of its own.
 */
function trainedPart({ builder, needsValue }: RuleContext<'Attention'>, bias: string): string {
  const sum = builder.program.nodes.find(({ op, outputs }) => op === 'Add' && outputs[0] === bias);
  const trained = sum?.inputs.filter((input) => needsValue(input)) ?? [];
  return trained.length === 1 ? trained[0] : bias;
}

export const dropoutRule: Rule<'Dropout'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  give(0, builder.apply('Dropout', [dy], { ...node.attributes }, builder.shape(x), `d:${x}`, node.sources));
};

export const crossEntropyRule: Rule<'CrossEntropy'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  if (dy !== '') throw noGradient(node, say`is not the end of the program`);
  const [logits] = node.inputs;
  const shape = builder.shape(logits);
  give(0, builder.apply('CrossEntropyGrad', [...node.inputs], {}, shape, `d:${logits}`, node.sources));
};

export const linearCrossEntropyRule: Rule<'LinearCrossEntropy'> = ({ node, dy, builder, needs, give }) => {
  if (dy !== '') throw noGradient(node, say`is not the end of the program`);
  const [hidden, weight, labels, weights, bias] = node.inputs;
  const [, , lse] = node.outputs;
  // By place among the inputs: hidden, weight, bias.
  const wanted = [0, 1, 4];
  const outputs = wanted.map((i) =>
    node.inputs[i] && needs(i) ? builder.declare(`d:${node.inputs[i]}`, builder.shape(node.inputs[i])) : '',
  );
  if (outputs.every((output) => output === '')) return;
  const inputs = [hidden, weight, labels, weights, lse];
  if (bias) inputs.push(bias);
  builder.emit('LinearCrossEntropyGrad', inputs, outputs, { ...node.attributes }, node.sources);
  outputs.forEach((output, k) => {
    if (output) give(wanted[k], output);
  });
};

export const meanSquaredRule: Rule<'MeanSquared'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  if (dy !== '') throw noGradient(node, say`is not the end of the program`);
  const [predictions] = node.inputs;
  const shape = builder.shape(predictions);
  give(0, builder.apply('MeanSquaredGrad', [...node.inputs], {}, shape, `d:${predictions}`, node.sources));
};
