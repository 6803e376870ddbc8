/**
 * Methods that change the graph most, trained by the float64 interpreter against PyTorch in double precision:
 * 20 losses within 1e-6 relative, and the trained tensors. Needs no device, so what fails here is the rewrite
 * or a gradient and no kernel.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../../src/autodiff/loss.ts';
import { idsOfOrder, sortOrder } from '../../src/autodiff/rules-layout.ts';
import { bake, bakedValues } from '../../src/deltas/bake.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { interpretProgram } from '../../src/graph/interpret.ts';
import { initializerTensor } from '../../src/graph/onnx-ops/index.ts';
import { adafactor, globalNorm } from '../../src/graph/reference/optimizer.ts';
import { refTensor, type RefTensor } from '../../src/graph/reference/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { farthest } from '../support/random.ts';
import {
  batchOf,
  methodOf,
  ORACLES,
  oracleCases,
  recordedStart,
  recordedTensors,
  type OracleCase,
} from '../support/oracle.ts';

const CASES = /^(adapter|ptuning|prefix-projection|lora-adafactor)/;
const FAMILIES = ['bert', 'distilbert', 'roberta', 'albert', 'electra'];

async function train(oracle: OracleCase): Promise<void> {
  const folder = join(ORACLES, oracle.family);
  const loaded = await loadModel(modelFiles(folder), folder);
  const labels = Array.from({ length: oracle.labels }, (_, i) => `LABEL_${i}`);
  const model = prepareForTask(loaded, { task: oracle.task, labels, seed: 1 });
  const deltaModel = deltaModelOf(model);
  const delta = attachAll(deltaModel, [methodOf(oracle)], 1);
  const names = model.graph.inputs.map((input) => input.name);
  const shape = [oracle.training.batchSize, oracle.batches[0].input_ids[0].length];
  const inputShapes = Object.fromEntries(names.map((name) => [name, shape]));
  const forward = compileForward(delta.graph, deltaModel.parameters, { inputShapes, mode: 'train' });
  const wanted = new Set([...delta.unfrozen, ...model.head, ...delta.tensors.map(({ name }) => name)]);
  const program = attachLoss(forward.program, forward.program.outputs[0], 'crossEntropy');
  const order = [...program.values.keys()].filter((name) => wanted.has(name));
  const { program: whole, gradients } = differentiate(program, LOSS, order, delta.detached ?? []);
  const trained = order.map((name) => ({ name, shape: program.values.get(name)!.shape }));
  expect(trained.reduce((n, tensor) => n + tensor.shape.reduce((a, b) => a * b, 1), 0)).toBe(
    oracle.trainableParameters,
  );
  const layout = adapterLayout(delta.parts[0], trained, model.parameters);
  expect(new Set(layout.map(({ file }) => file.name))).toEqual(
    new Set(oracle.trainable.map(({ name }) => name)),
  );

  const weights = new Map<string, RefTensor>();
  for (const { id, kind } of whole.values.values())
    if (kind === 'parameter') weights.set(id, initializerTensor(delta.graph.initializers.get(id)!));
  for (const [name, data] of recordedStart(join(folder, oracle.tensors.initial!), delta, layout))
    weights.set(name, refTensor(program.values.get(name)!.shape, data));
  const moments = new Map(
    trained.map(({ name, shape: dims }) => {
      const count = dims.reduce((a, b) => a * b, 1);
      return [name, { m: new Float64Array(count), v: new Float64Array(count) }];
    }),
  );
  const factored = new Map<string, Float64Array[]>();
  for (let step = 1; step <= oracle.training.steps; step++) {
    const batch = batchOf(oracle, step - 1, names);
    const given = new Map(weights);
    for (const [id, data] of evaluateHost(forward.host, batch.inputs))
      given.set(id, refTensor(program.values.get(id)!.shape, data));
    given.set(LABELS, refTensor([batch.size], batch.labels, 'int32'));
    given.set(
      WEIGHTS,
      refTensor(
        [batch.size],
        batch.weights.map((weight) => weight / batch.rows),
      ),
    );
    for (const { id, kind, shape: dims } of whole.values.values()) {
      const ids = kind === 'host' ? idsOfOrder(id) : undefined;
      if (ids === undefined) continue;
      const found = given.get(ids)?.data ?? whole.values.get(ids)!.data!;
      given.set(id, refTensor(dims, sortOrder(Int32Array.from(found)), 'int32'));
    }
    const values = interpretProgram(whole, given);
    const loss = values.get(LOSS)!.data[0];
    const expected = oracle.losses64[step - 1];
    expect(Math.abs(loss - expected) / Math.abs(expected), `loss of step ${step}: ${loss}`).toBeLessThan(
      1e-6,
    );
    for (const name of order)
      if (oracle.training.optimizer.type === 'adafactor')
        adafactorStep(weights, name, values.get(gradients.get(name)!)!, factored, step, oracle);
      else adamw(weights, name, values.get(gradients.get(name)!)!, moments.get(name)!, step, oracle);
  }
  const tensors = new Map(order.map((name) => [name, Float32Array.from(weights.get(name)!.data)]));
  if (oracle.tensors.final === null) return;
  const final = recordedTensors(join(folder, oracle.tensors.final), layout);
  for (const [name, values] of final) expect(farthest(tensors.get(name)!, values), name).toBeLessThan(1e-3);
  if (oracle.tensors.baked === undefined) return;
  const [baked] = delta.baked!;
  const recorded = recordedTensors(join(folder, oracle.tensors.baked), [
    { name: baked.name, dims: baked.dims, file: baked.file },
  ]);
  const rows = bakedValues(delta, tensors).get(baked.name)!;
  expect(farthest(rows, recorded.get(baked.name)!)).toBeLessThan(1e-3);
  const plain = bake(delta, tensors);
  expect(plain.delta.tensors.map(({ name }) => name)).toEqual([baked.name]);
  expect(plain.values.get(baked.name)).toEqual(rows);
}

/** One Adafactor update of one tensor, its moments beginning at zero. */
function adafactorStep(
  weights: Map<string, RefTensor>,
  name: string,
  gradient: RefTensor,
  moments: Map<string, Float64Array[]>,
  step: number,
  oracle: OracleCase,
): void {
  const { optimizer } = oracle.training;
  if (optimizer.type !== 'adafactor') throw new Error(`${oracle.case} is not trained by Adafactor`);
  const weight = weights.get(name)!;
  const columns = weight.shape.length > 1 ? weight.shape.at(-1) : undefined;
  const count = weight.data.length;
  const sizes = columns === undefined ? [count] : [count / columns, columns];
  const state = moments.get(name) ?? sizes.map((size) => new Float64Array(size));
  moments.set(name, state);
  const data = Float64Array.from(weight.data);
  const learningRate = oracle.learningRates[step - 1];
  const settings = { ...optimizer, beta1: undefined, learningRate, optimizerStep: step };
  adafactor(data, gradient.data, state, globalNorm([gradient.data]), settings, columns);
  weights.set(name, { ...weight, data });
}

/** One update of one tensor, without clipping or decay. */
function adamw(
  weights: Map<string, RefTensor>,
  name: string,
  gradient: RefTensor,
  { m, v }: { m: Float64Array; v: Float64Array },
  step: number,
  oracle: OracleCase,
): void {
  const { optimizer } = oracle.training;
  if (optimizer.type !== 'adamw') throw new Error(`${oracle.case} is not trained by AdamW`);
  const { betas, epsilon } = optimizer;
  const weight = weights.get(name)!;
  const data = Float64Array.from(weight.data);
  for (let i = 0; i < data.length; i++) {
    const g = gradient.data[i];
    m[i] = betas[0] * m[i] + (1 - betas[0]) * g;
    v[i] = betas[1] * v[i] + (1 - betas[1]) * g * g;
    const root = Math.sqrt(v[i] / (1 - betas[1] ** step));
    data[i] -= (oracle.learningRates[step - 1] * (m[i] / (1 - betas[0] ** step))) / (root + epsilon);
  }
  weights.set(name, { ...weight, data });
}

describe.each(FAMILIES)('%s', (family) => {
  const cases = oracleCases(family).filter((oracle) => CASES.test(oracle.case));
  it.each(cases.map((oracle) => [oracle.case, oracle] as const))('%s', async (_name, oracle) => {
    await train(oracle);
  });
});
