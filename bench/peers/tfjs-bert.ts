/**
 * The same BERT in TensorFlow.js's operators: LayerNorm, GELU and attention composed as its users compose
 * them, gradients by `variableGrads`, its Adam. Embeddings are gathers, whose gradient there is an
 * `unsortedSegmentSum`: nothing had to be replaced.
 */
import type * as TensorFlow from '@tensorflow/tfjs-core';
import type { Batch } from '../../src/data/batch.ts';
import { bertTensors, type BertConfig } from '../../src/measure/random-bert.ts';

type Tf = typeof TensorFlow;
type Tensor = TensorFlow.Tensor;

export class TfBert {
  private readonly tf: Tf;
  private readonly config: BertConfig;
  private readonly weights = new Map<string, TensorFlow.Variable>();
  private readonly optimizer: TensorFlow.Optimizer;
  private readonly ids: TensorFlow.Tensor1D;
  private readonly types: TensorFlow.Tensor1D;
  /** Additive, [batch, 1, 1, length]. */
  private readonly mask: Tensor;
  private readonly labels: Tensor;
  private readonly batch: number;
  private readonly length: number;

  constructor(tf: Tf, config: BertConfig, batch: Batch) {
    this.tf = tf;
    this.config = config;
    for (const { name, dims, data } of bertTensors(config))
      this.weights.set(name, tf.variable(tf.tensor(data, dims), true, name));
    this.optimizer = tf.train.adam(1e-4);
    [this.batch, this.length] = [batch.size, batch.length];
    this.ids = tf.tensor1d(batch.inputs.input_ids, 'int32');
    this.types = tf.tensor1d(batch.inputs.token_type_ids, 'int32');
    const mask = Float32Array.from(batch.inputs.attention_mask, (kept) => (1 - kept) * -1e9);
    this.mask = tf.tensor(mask, [this.batch, 1, 1, this.length]);
    this.labels = tf.oneHot(tf.tensor1d(batch.labels as Int32Array, 'int32'), config.labels);
  }

  private weight(name: string): Tensor {
    return this.weights.get(name)!;
  }

  private linear(x: Tensor, module: string): Tensor {
    const { tf } = this;
    return tf.add(tf.matMul(x, this.weight(`${module}.weight`)), this.weight(`${module}.bias`));
  }

  private norm(x: Tensor, module: string): Tensor {
    const { tf } = this;
    const { mean, variance } = tf.moments(x, -1, true);
    const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, this.config.epsilon)));
    return tf.add(tf.mul(scaled, this.weight(`${module}.weight`)), this.weight(`${module}.bias`));
  }

  private gelu(x: Tensor): Tensor {
    const { tf } = this;
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  }

  private attention(x: Tensor, module: string): Tensor {
    const { tf, batch, length } = this;
    const { hidden, heads } = this.config;
    const [q, k, v] = ['query', 'key', 'value'].map((part) => {
      const y = this.linear(x, `${module}.self.${part}`);
      return tf.transpose(tf.reshape(y, [batch, length, heads, hidden / heads]), [0, 2, 1, 3]);
    });
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(hidden / heads));
    const context = tf.matMul(tf.softmax(tf.add(scores, this.mask)), v);
    const joined = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batch * length, hidden]);
    return this.linear(joined, `${module}.output.dense`);
  }

  private logits(): Tensor {
    const { tf, batch, length } = this;
    const { hidden, layers } = this.config;
    const table = (kind: string): Tensor => this.weight(`bert.embeddings.${kind}_embeddings.weight`);
    const words = tf.add(tf.gather(table('word'), this.ids), tf.gather(table('token_type'), this.types));
    const positions = tf.slice(table('position'), [0, 0], [length, hidden]);
    const sum = tf.add(tf.reshape(words, [batch, length, hidden]), positions);
    let x = this.norm(tf.reshape(sum, [batch * length, hidden]), 'bert.embeddings.LayerNorm');
    for (let i = 0; i < layers; i++) {
      const layer = `bert.encoder.layer.${i}`;
      const attended = tf.add(this.attention(x, `${layer}.attention`), x);
      x = this.norm(attended, `${layer}.attention.output.LayerNorm`);
      const inner = this.gelu(this.linear(x, `${layer}.intermediate.dense`));
      x = this.norm(tf.add(this.linear(inner, `${layer}.output.dense`), x), `${layer}.output.LayerNorm`);
    }
    const first = tf.slice(tf.reshape(x, [batch, length, hidden]), [0, 0, 0], [batch, 1, hidden]);
    const pooled = tf.tanh(this.linear(tf.reshape(first, [batch, hidden]), 'bert.pooler.dense'));
    return this.linear(pooled, 'classifier');
  }

  private loss(): TensorFlow.Scalar {
    const { tf } = this;
    return tf.neg(tf.mean(tf.sum(tf.mul(this.labels, tf.logSoftmax(this.logits())), -1)));
  }

  /** Forward, backward and update; the loss is read back. */
  async step(): Promise<number> {
    const { value, grads } = this.tf.variableGrads(() => this.loss());
    this.optimizer.applyGradients(grads);
    const [loss] = await value.data();
    this.tf.dispose([value, grads]);
    return loss;
  }

  /** Forward; the logits are read back. */
  async forward(): Promise<Float32Array> {
    const logits = this.tf.tidy(() => this.logits());
    const values = (await logits.data()) as Float32Array;
    logits.dispose();
    return values;
  }

  dispose(): void {
    this.optimizer.dispose();
    this.tf.disposeVariables();
    this.tf.dispose([this.ids, this.types, this.mask, this.labels]);
  }
}
