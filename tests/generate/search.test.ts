/**
 * The program taken apart for generation, run by the float64 interpreter, under both searches: token for token
 * what Hugging Face's `generate` gives.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileForward } from '../../src/graph/compile.ts';
import { evaluateHost } from '../../src/graph/host.ts';
import { distinctLength, NEXT, ORDER, POSITION, splitForGeneration } from '../../src/graph/incremental.ts';
import { interpretProgram } from '../../src/graph/interpret.ts';
import { initializerTensor } from '../../src/graph/onnx-ops/index.ts';
import { refTensor, type RefTensor } from '../../src/graph/reference/tensor.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import type { Model } from '../../src/models/model.ts';
import { beamSearch, greedySearch } from '../../src/train/generate/search.ts';
import type { Scorer } from '../../src/train/generate/search.ts';
import {
  GENERATION_FAMILIES,
  generationFixture,
  generationModel,
  type GenerationCase,
  type GenerationFixture,
} from '../support/generation.ts';

describe.each(GENERATION_FAMILIES)('%s', (family) => {
  const fixture = generationFixture(family);
  let model: Model;
  beforeAll(async () => {
    model = await generationModel(family);
  });

  it.each(fixture.cases.map((entry) => [label(entry), entry] as const))('%s', async (_label, entry) => {
    const { beams, lengthPenalty = 1, earlyStopping = false, eos } = entry;
    const scorer = interpreted(model, fixture, beams);
    const settings = { maxNewTokens: fixture.maxNewTokens, start: 0, end: eos, pad: 0 };
    const count = fixture.sources.length;
    const texts =
      beams === 1
        ? await greedySearch(scorer, count, settings)
        : await beamSearch(scorer, count, { ...settings, beams, lengthPenalty, earlyStopping });
    expect(texts.map((text) => [...text])).toEqual(entry.tokens);
  });
});

function label({ beams, lengthPenalty, earlyStopping, eos }: GenerationCase): string {
  return beams === 1
    ? `greedy, end ${eos}`
    : `${beams} beams, end ${eos}, ${lengthPenalty}, ${earlyStopping}`;
}

/** Scores by the interpreter, which keeps states in a map. */
function interpreted(model: Model, { sources, maxNewTokens }: GenerationFixture, beams: number): Scorer {
  const rows = sources.length * beams;
  const k = beams === 1 ? 1 : 2 * beams;
  const length = Math.max(...sources.map((source) => source.length));
  const taken = new Set([rows, length, ...[...model.parameters.values()].flatMap(({ dims }) => dims), 4, 6]);
  const targetLength = distinctLength(maxNewTokens, rows, taken);
  const inputShapes = {
    input_ids: [rows, length],
    attention_mask: [rows, length],
    decoder_input_ids: [rows, targetLength],
  };
  const forward = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
  const split = splitForGeneration(forward, { target: 'decoder_input_ids', rows, length: targetLength, k });
  for (const program of [split.encoder, split.step, split.reorder]) verifyProgram(program);
  // The encoder is none of the step's business.
  expect(split.step.nodes.length).toBeLessThan(forward.program.nodes.length);

  const ids = new Int32Array(rows * length);
  const mask = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const source = sources[Math.floor(row / beams)];
    ids.set(source, row * length);
    mask.fill(1, row * length, row * length + source.length);
  }
  const target = new Int32Array(rows * targetLength);
  const uploads = evaluateHost(forward.host, {
    input_ids: ids,
    attention_mask: mask,
    decoder_input_ids: target,
  });
  const given = new Map<string, RefTensor>();
  for (const value of forward.program.values.values()) {
    if (value.kind === 'parameter')
      given.set(value.id, initializerTensor(model.graph.initializers.get(value.id)!));
    if (value.kind === 'host') given.set(value.id, refTensor(value.shape, uploads.get(value.id)!));
  }
  for (const program of [split.encoder, split.step])
    for (const { id, shape } of program.values.values())
      if (split.states.has(id))
        given.set(id, refTensor(shape, new Float64Array(shape.reduce((n, d) => n * d, 1))));
  const keep = (program: typeof split.step, results: ReadonlyMap<string, RefTensor>): void => {
    for (const node of program.nodes)
      if (node.op === 'Write') given.set(node.inputs[1], results.get(node.outputs[0])!);
  };
  const encoded = interpretProgram(split.encoder, given);
  keep(split.encoder, encoded);
  const wholes = split.biases.map(({ whole, row }) => {
    const { shape, data } = encoded.get(whole) ?? refTensor([], [0]);
    return { row, shape, data };
  });
  return {
    rows,
    k,
    next: (tokens, position, order) => {
      if (order) {
        given.set(ORDER, refTensor([rows], order, 'int32'));
        keep(split.reorder, interpretProgram(split.reorder, given));
      }
      given.set(split.ids, refTensor([rows, 1], tokens, 'int32'));
      given.set(POSITION, refTensor([1], [position], 'int32'));
      for (const { row, shape, data } of wholes) {
        const [outer, heads, , width] = shape;
        const values = Array.from({ length: outer * heads }, (_, o) => {
          const from = (o * targetLength + position) * width;
          return [...data.subarray(from, from + width)];
        });
        given.set(row, refTensor([outer, heads, 1, width], values.flat()));
      }
      const results = interpretProgram(split.step, given);
      keep(split.step, results);
      return Promise.resolve(Float32Array.from(results.get(NEXT)!.data));
    },
  };
}
