/**
 * Every importable model on the device against onnxruntime-web on the same file, within 1e-4: all outputs,
 * whatever the export computes, at a batch and lengths that are not the example's; of an encoder-decoder its two files in turn.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Model } from '../../src/models/model.ts';
import { externalFiles } from '../../src/onnx/read.ts';
import { runForward } from '../../src/train/forward.ts';
import { ORACLES, oracleFamilies } from '../support/oracle.ts';
import { t5Families } from '../support/oracle-t5.ts';
import { runOrt, type Feed, type Output } from '../support/ort.ts';
import { allEncoders, sharedEncoderDecoders } from '../support/shared.ts';
import type { Studio } from '../../src/plan/studio.ts';

const BATCH = 2;
const LENGTH = 7;
const TARGET = 5;

let studio: Studio;
beforeAll(async () => {
  ({ studio } = await openNodeStudio(process.env.DELTA_ADAPTER || 'wasm'));
});
afterAll(() => studio.destroy());

/** Ids of the second row are padded from the fifth token on. */
function inputs(pad: number): Record<string, Int32Array> {
  const at = (value: (row: number, token: number) => number): Int32Array =>
    Int32Array.from({ length: BATCH * LENGTH }, (_, i) => value(Math.floor(i / LENGTH), i % LENGTH));
  const real = (row: number, token: number): boolean => row === 0 || token < 5;
  return {
    input_ids: at((row, token) => (real(row, token) ? 5 + ((17 * token + 31 * row) % 90) : pad)),
    attention_mask: at((row, token) => (real(row, token) ? 1 : 0)),
    token_type_ids: at((row, token) => (real(row, token) && token > 3 ? 1 : 0)),
    decoder_input_ids: Int32Array.from({ length: BATCH * TARGET }, (_, i) =>
      i % TARGET === 0 ? pad : 5 + 7 * i,
    ),
  };
}

const dimsOf = (name: string): number[] => [BATCH, name === 'decoder_input_ids' ? TARGET : LENGTH];
const feedOf = (name: string, values: Int32Array): Feed => ({ dims: dimsOf(name), data: [...values] });

/** What the file says. */
async function byOrt(
  { file, graph }: Model,
  folder: string,
  given: Record<string, Int32Array>,
): Promise<Record<string, Output>> {
  const files = modelFiles(folder);
  const decoder = await files.read('decoder_model.onnx');
  if (decoder !== undefined) {
    const mask = feedOf('attention_mask', given['attention_mask']);
    const encoded = await runOrt((await files.read('encoder_model.onnx'))!, {
      input_ids: feedOf('input_ids', given['input_ids']),
      attention_mask: mask,
    });
    return runOrt(decoder, {
      input_ids: feedOf('decoder_input_ids', given['decoder_input_ids']),
      encoder_attention_mask: mask,
      encoder_hidden_states: { ...encoded['last_hidden_state'], type: 'float32' },
    });
  }
  const bytes = (await files.read(file))!;
  const external: Record<string, Uint8Array> = {};
  for (const name of externalFiles(bytes)) external[name] = (await files.read(name))!;
  const feeds = Object.fromEntries(graph.inputs.map(({ name }) => [name, feedOf(name, given[name])]));
  return runOrt(bytes, feeds, external);
}

async function check(folder: string): Promise<void> {
  const model = await loadModel(modelFiles(folder), folder);
  const given = inputs(Number(model.config['pad_token_id'] ?? 0));
  const feeds = Object.fromEntries(
    model.graph.inputs.map(({ name }) => [name, { dims: dimsOf(name), data: given[name] }]),
  );
  const ours = await runForward(studio, { ...model, modelKey: folder }, feeds);
  const theirs = await byOrt(model, folder, given);
  for (const { name } of model.graph.outputs) {
    expect(ours[name].length).toBe(theirs[name].data.length);
    let worst = 0;
    theirs[name].data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - ours[name][i]))));
    expect(worst, name).toBeLessThan(1e-4);
  }
}

const withDecoder = t5Families().filter((family) => existsSync(join(ORACLES, family, 'decoder_model.onnx')));
const shared = [
  ...allEncoders,
  // The merged file's first branch computes what decoder_model.onnx beside it does.
  ...sharedEncoderDecoders.filter(({ decoder }) => decoder === 'decoder_model.onnx'),
];

describe('our forward pass equals onnxruntime-web', () => {
  it.each([...oracleFamilies(), ...withDecoder])('tests/oracle/%s', (family) => check(join(ORACLES, family)));
});

const BUILTIN = join(import.meta.dirname, '../../public/models');
describe('our forward pass equals onnxruntime-web, on what comes along', () => {
  it.each(readdirSync(BUILTIN))('%s', (name) => check(join(BUILTIN, name)));
});

describe.skipIf(shared.length === 0)('our forward pass equals onnxruntime-web, on real exports', () => {
  it.each(shared.map(({ name, folder }) => [name, folder]))('%s', (_name, folder) => check(folder));
});
