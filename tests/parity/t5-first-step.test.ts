/**
 * The first step of every recorded T5 run in float64, without a device: what the rewritten graph computes, its
 * loss and the norm of its gradient, and that the same tensors train.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openFolder } from '../../cli/load.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../../src/autodiff/loss.ts';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { idsOfOrder, sortOrder } from '../../src/autodiff/rules-layout.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { expandNarrowAttention } from '../../src/graph/expand-attention.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { interpretProgram } from '../../src/graph/interpret.ts';
import { initializerTensor } from '../../src/graph/onnx-ops/index.ts';
import { refTensor, type RefTensor } from '../../src/graph/reference/tensor.ts';
import { elementCount } from '../../src/graph/tensor.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import { loadModel } from '../../src/models/load.ts';
import { foldScales } from '../../src/plan/epilogues.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { openFused } from '../../src/runs/fusion-adapters.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES, recordedStart } from '../support/oracle.ts';
import { t5BatchOf, t5Cases, t5Families, t5MethodOf } from '../support/oracle-t5.ts';
import type { T5Case } from '../support/oracle-t5.ts';

function expectClose(actual: number, expected: number, bound: number, what: string): void {
  expect(Math.abs(actual - expected) / Math.abs(expected), what).toBeLessThan(bound);
}

async function check(oracle: T5Case): Promise<void> {
  const folder = join(ORACLES, oracle.family);
  const loaded = await loadModel(modelFiles(folder), folder);
  const model = deltaModelOf(loaded);
  await openFused([t5MethodOf(oracle)], model, (name) => openFolder(join(folder, name)));
  const delta = attachAll(model, [t5MethodOf(oracle)], 1);
  const batch = t5BatchOf(oracle, 0);
  const { size, length, targetLength } = batch;
  const inputShapes = {
    input_ids: [size, length],
    attention_mask: [size, length],
    decoder_input_ids: [size, targetLength!],
  };
  const compiled = compileForward(delta.graph, model.parameters, { inputShapes, mode: 'train' });
  verifyProgram(compiled.program, compiled.host);
  const program = attachLoss(foldScales(expandNarrowAttention(compiled.program)), 'logits', 'crossEntropy');
  const names = new Set([...delta.unfrozen, ...delta.tensors.map(({ name }) => name)]);
  const candidates = [...program.values.keys()].filter((name) => names.has(name));
  const { program: whole, gradients } = differentiate(program, LOSS, candidates);
  const trained = candidates
    .filter((name) => gradients.has(name))
    .map((name) => ({ name, shape: program.values.get(name)!.shape }));
  expect(trained.reduce((sum, { shape }) => sum + elementCount(shape), 0)).toBe(oracle.trainableParameters);
  const layout = adapterLayout(delta, trained, loaded.parameters);
  expect([...new Set(layout.map(({ file }) => file.name))].sort()).toEqual(
    oracle.trainable.map(({ name }) => name).sort(),
  );

  const initial = oracle.tensors.initial;
  const start =
    initial === null ? new Map<string, Float32Array>() : recordedStart(join(folder, initial), delta, layout);
  const host = evaluateHost(compiled.host, batch.inputs);
  const total = batch.weights.reduce((sum, weight) => sum + weight, 0);
  const given = new Map<string, RefTensor>();
  for (const { id, shape, kind } of whole.values.values()) {
    const ids = idsOfOrder(id);
    const own = delta.graph.initializers.get(id) ?? model.graph.initializers.get(id);
    if (kind === 'parameter')
      given.set(id, start.has(id) ? refTensor(shape, start.get(id)!) : initializerTensor(own!));
    else if (id === LABELS) given.set(id, refTensor(shape, batch.labels));
    else if (id === WEIGHTS)
      given.set(
        id,
        refTensor(
          shape,
          batch.weights.map((weight) => weight / total),
        ),
      );
    else if (kind === 'host')
      given.set(id, refTensor(shape, ids ? sortOrder(host.get(ids) as Int32Array) : host.get(id)!));
  }
  const values = interpretProgram(whole, given);
  const logits = values.get('logits')!.data;
  oracle.logits.initial
    .flat(3)
    .forEach((value, i) => expect(Math.abs(logits[i] - value), `logit ${i}`).toBeLessThan(1e-5));
  // With accumulation the recorded loss is of several batches.
  if (oracle.training.accumulation > 1) return;
  const squares = [...gradients.values()].flatMap((id) => [...values.get(id)!.data]);
  expectClose(values.get(LOSS)!.data[0], oracle.losses[0], 1e-6, 'loss');
  expectClose(Math.hypot(...squares), oracle.gradNorms[0], 1e-5, 'gradient norm');
}

/** Penalties and gates drawn anew come with training plans: t5.test.ts holds those to their runs. */
const plain = (family: string) => t5Cases(family).filter(({ penalties }) => penalties === undefined);

describe.each(t5Families())('%s', (family) => {
  it.each(plain(family).map((oracle) => [oracle.case, oracle] as const))('%s', async (_name, oracle) => {
    await check(oracle);
  });
});
