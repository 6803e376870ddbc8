/** A forward pass beside another engine's: the same numbers, an engine that fails, and one that does not answer. */
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { timeForward } from '../../src/measure/forward.ts';
import {
  ortPasses,
  timePasses,
  type BegunPasses,
  type Ort,
  type PassRequest,
} from '../../src/measure/passes.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { english } from '../../src/sentence.ts';

ort.env.wasm.numThreads = 1;

const SHAPE = { hidden: 64, layers: 2, batchSize: 4, length: 32 };

let studio: Studio;
beforeAll(async () => ({ studio } = await openNodeStudio('wasm')));
afterAll(() => studio.destroy());

/** onnxruntime-web as the page asks it, but on the processor, which is what there is in Node. */
const onProcessor = {
  InferenceSession: {
    create: (file: Uint8Array) =>
      ort.InferenceSession.create(file, { executionProviders: ['wasm'], logSeverityLevel: 3 }),
  },
  Tensor: ort.Tensor,
} as unknown as Ort;

it('has the same logits as onnxruntime-web, which is ended afterwards', async () => {
  let ended = 0;
  const requests: PassRequest[] = [];
  const other = (request: PassRequest): BegunPasses => {
    requests.push(request);
    return { timed: ortPasses(onProcessor, request), end: () => ended++ };
  };
  const row = await timeForward(studio, SHAPE, { other, seconds: 0 });
  expect(requests.map(({ batchSize, length, seconds }) => [batchSize, length, seconds])).toEqual([
    [4, 32, 0],
  ]);
  if ('why' in row) throw new Error(english(row.why));
  expect(row.difference).toBeLessThan(1e-5);
  expect(row.difference).toBeGreaterThan(0);
  expect(row.milliseconds).toBeGreaterThan(0);
  expect(row.theirs).toBeGreaterThan(0);
  expect(ended).toBe(1);
});

it('says why there is nothing beside it, and ends the other', async () => {
  let ended = 0;
  const end = (): void => void ended++;
  const failing = (): BegunPasses => ({ timed: Promise.reject(new Error('no adapter')), end });
  const failed = await timeForward(studio, SHAPE, { other: failing, seconds: 0 });
  expect(failed).toMatchObject(SHAPE);
  expect('why' in failed && english(failed.why)).toBe(
    'onnxruntime-web does not run on WebGPU here: no adapter',
  );
  const silent = (): BegunPasses => ({ timed: new Promise(() => {}), end });
  const late = await timeForward(studio, SHAPE, { other: silent, seconds: 0, longest: 0.05 });
  expect('why' in late && english(late.why)).toBe('onnxruntime-web did not answer within 0.05 seconds.');
  expect(ended).toBe(2);
});

it('times passes after the first, three at least and at most fifty', async () => {
  let passes = 0;
  const pass = async (): Promise<Float32Array> => Float32Array.of(++passes);
  expect([...(await timePasses(pass, 0)).result]).toEqual([1]);
  expect(passes).toBe(4);
  await timePasses(pass, 60);
  expect(passes).toBe(4 + 51);
});
