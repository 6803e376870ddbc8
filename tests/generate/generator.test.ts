/** Generation on the device, token for token with Hugging Face's `generate`, and what it takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import { planProgram } from '../../src/plan/planner.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { createGenerator } from '../../src/train/generate/generator.ts';
import { generationFixture, generationModel, untrained } from '../support/generation.ts';

let studio: Studio;

beforeAll(async () => {
  ({ studio } = await openNodeStudio());
});
afterAll(() => studio.destroy());

// Heads of `t5` are six wide: its attention is products and softmax, that of `t5-gated` one kernel.
describe.each(['t5', 't5-gated'])('%s on the device', (family) => {
  const { sources, maxNewTokens, cases } = generationFixture(family);

  it.each([1, 3])('%i beams', { timeout: 240_000 }, async (beams) => {
    const source = untrained(await generationModel(family));
    const entry = cases.find((candidate) => candidate.beams === beams)!;
    const generator = await createGenerator(studio, source, {
      batchSize: 3,
      lengths: [4, 9],
      maxNewTokens,
      beams,
      lengthPenalty: entry.lengthPenalty,
      earlyStopping: entry.earlyStopping,
      tokens: { end: entry.eos },
    });
    try {
      const { predicted, allocated } = generator.memory();
      expect(allocated).toEqual(predicted);
      // Five texts, three at once: the second batch is not full.
      const texts = await generator.generate(sources);
      expect(texts.map((text) => [...text])).toEqual(entry.tokens);
      const before = { ...studio.counters };
      const [again] = await generator.generate([sources[1]]);
      expect([...again]).toEqual(entry.tokens[1]);
      expect(studio.counters).toEqual(before);
      await expect(generator.generate([new Int32Array(10)])).rejects.toThrow(
        /10 tokens and there is room for 9/,
      );
    } finally {
      generator.destroy();
    }
  });
});

describe('a generator', () => {
  it('reads what a run has trained where the run keeps it', { timeout: 240_000 }, async () => {
    const model = await generationModel('t5-gated');
    const { sources, cases } = generationFixture('t5-gated');
    const [greedy] = cases;
    const name = 'decoder.final_layer_norm.weight';
    const shape = model.parameters.get(name)!.dims;
    const source = { ...untrained(model), layout: layoutTrainables([{ name, shape }], 2 ** 27, 256) };
    const inputShapes = { input_ids: [1, 4], attention_mask: [1, 4], decoder_input_ids: [1, 5] };
    const { program } = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
    const plan = planProgram({
      program,
      adapter: studio.profile,
      shapeKey: 'run',
      modelKey: model.hash,
      layout: source.layout,
      gradients: new Map(),
      readbacks: new Map([['logits', program.outputs[0]]]),
    });
    const run = await studio.createRun([plan]);
    const [{ tensor }] = plan.trainables;
    run.memory.write(tensor, source.weights(name));
    const generator = await createGenerator(
      studio,
      { ...source, lender: run.memory },
      { batchSize: 1, lengths: [4], maxNewTokens: 12, tokens: { end: greedy.eos } },
    );
    const text = async (): Promise<number[]> => [...(await generator.generate([sources[1]]))[0]];
    expect(await text()).toEqual(greedy.tokens[1]);
    // Without a scale every logit is zero, and of equals the first comes first.
    run.memory.write(tensor, new Float32Array(shape[0]));
    expect(await text()).toEqual(new Array(12).fill(0));
    // What is lent stays until the borrower has gone too.
    run.destroy();
    expect(await text()).toEqual(new Array(12).fill(0));
    generator.destroy();
  });

  it('refuses options that are none', async () => {
    const source = untrained(await generationModel('t5'));
    const options = { batchSize: 1, lengths: [4], maxNewTokens: 0 };
    await expect(createGenerator(studio, source, options)).rejects.toThrow(
      /maxNewTokens to be an integer from 1/,
    );
  });
});
