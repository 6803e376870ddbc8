/** Fill-mask exports that answer by label words: the same logits as the whole head gives at the mask. */
import { describe, expect, it } from 'vitest';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import { analyse } from '../../src/graph/analyse.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Model } from '../../src/models/model.ts';
import { withWordHead } from '../../src/models/word-head.ts';
import { compileFor, difference, runProgram, runSource, texts } from '../support/compiled.ts';
import { oracleModel } from '../support/oracle-models.ts';
import { readShared, sharedEncoders } from '../support/shared.ts';

const MASK = 4;
const WORDS = [17, 9, 30];
const SHAPE = [3, 7] as const;

async function tiny(): Promise<Model> {
  const { bytes, config } = oracleModel('bert-fill-mask');
  const text = new TextEncoder().encode(JSON.stringify(config));
  return loadModel(filesFromMemory({ 'model.onnx': bytes, 'config.json': text }), 'tiny');
}

/** Padded texts of ids from 5 with one mask each, in another place in every row. */
function masked(model: Model, vocabulary: number, padding: number): Record<string, Int32Array> {
  const inputs = texts(model, SHAPE, { vocabulary, padding });
  inputs.input_ids.forEach((id, i) => {
    if (id === MASK) inputs.input_ids[i] = MASK + 1;
  });
  for (const [row, at] of [2, 3, 1].entries()) inputs.input_ids[row * SHAPE[1] + at] = MASK;
  return inputs;
}

/** The words' logits of the untouched export at the mask. */
function expected(model: Model, inputs: Readonly<Record<string, Int32Array>>): number[] {
  const { data, shape } = runSource(model, inputs, SHAPE).get('logits')!;
  const vocabulary = shape[2];
  const logits: number[] = [];
  inputs.input_ids.forEach((id, at) => {
    if (id === MASK) for (const word of WORDS) logits.push(data[at * vocabulary + word]);
  });
  return logits;
}

const options = { maskId: MASK, wordIds: WORDS, labels: ['a', 'b', 'c'] };
const shared = (['exported-opset11', 'exported-opset18'] as const)
  .flatMap(sharedEncoders)
  .filter(({ name }) => name.includes('fill-mask'));

async function check(model: Model, padding: number): Promise<void> {
  const answering = withWordHead(model, options);
  const inputs = masked(model, 99, padding);
  const wanted = expected(model, inputs);
  const source = runSource(answering, inputs, SHAPE).get('logits')!;
  expect(source.shape).toEqual([3, 3]);
  wanted.forEach((logit, i) => expect(source.data[i]).toBeCloseTo(logit, 8));
  const compiled = compileFor(answering, SHAPE);
  expect(difference(source, runProgram(answering, compiled, inputs).get('logits')!)).toBeLessThan(1e-6);
  expect(answering.languageModelHead.length).toBeGreaterThanOrEqual(5);
}

describe('withWordHead', () => {
  it('gives the logits of the whole head at the mask', async () => {
    await check(await tiny(), 0);
  });

  // Needs the shared folder's exports of BERT, DistilBERT and RoBERTa.
  describe.skipIf(shared.length === 0)('of the shared exports', () => {
    it.each(shared.map((model) => [model.name, model] as const))('%s', async (name, { folder, config }) => {
      const files = filesFromMemory({
        'model.onnx': readShared(folder, 'model.onnx')!,
        'config.json': readShared(folder, 'config.json')!,
      });
      await check(
        await loadModel(files, name),
        typeof config.pad_token_id === 'number' ? config.pad_token_id : 0,
      );
    });
  });

  const methods: MethodOptions[] = [
    { type: 'prompt', virtualTokens: 4, initialization: 'vocab' },
    { type: 'prefix', virtualTokens: 3, initialization: 'random' },
    { type: 'adapter', bottleneck: 4, activation: 'silu', placement: 'both' },
    { type: 'head' },
  ];
  it.each(methods)('finds the mask behind what $type adds', async (method) => {
    const loaded = await tiny();
    const model = withWordHead(loaded, options);
    const { graph, parameters, config, languageModelHead } = model;
    const roles = analyse(graph, parameters, config);
    const delta = attachDelta({ graph, parameters, roles, head: [], languageModelHead, config }, method, 7);
    const rewritten = { graph: delta.graph, parameters };
    const inputs = masked(model, 99, 0);
    const wanted = runSource(rewritten, inputs, SHAPE).get('logits')!;
    expect(wanted.shape).toEqual([3, 3]);
    expect(
      difference(wanted, runProgram(rewritten, compileFor(rewritten, SHAPE), inputs).get('logits')!),
    ).toBeLessThan(1e-6);
    // The whole export under the same method, at the mask: per-token outputs drop what was added before the text.
    const whole = {
      ...loaded,
      roles: analyse(loaded.graph, loaded.parameters, config),
      head: [],
      languageModelHead,
    };
    const other = attachDelta(whole, method, 7);
    const logits = expected({ ...loaded, graph: other.graph }, inputs);
    logits.forEach((logit, i) => expect(wanted.data[i]).toBeCloseTo(logit, 8));
    if (method.type === 'head') expect(delta.unfrozen).toEqual(languageModelHead);
  });

  it('refuses an export without a language-model head', async () => {
    const { bytes, config } = oracleModel('bert');
    const text = new TextEncoder().encode(JSON.stringify(config));
    const model = await loadModel(filesFromMemory({ 'model.onnx': bytes, 'config.json': text }), 'tiny');
    expect(() => withWordHead(model, options)).toThrow(
      'model.onnx has no language-model head, which the task "maskedLm" answers with; export the model for filling ' +
        'masks (`--task fill-mask`) or choose the task "classification".',
    );
  });
});
