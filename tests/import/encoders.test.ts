/**
 * Every encoder there is: parameters recovered bit for bit, and the written file computes in
 * onnxruntime what the original does, and what PyTorch did where that was recorded.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatsOf, sameTensor, transposed } from '../../src/graph/tensor.ts';
import { externalFiles, readModel } from '../../src/onnx/read.ts';
import { recoverParameters, type Recovered } from '../../src/onnx/recover.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { oracleModels, tinyFeeds } from '../support/oracle-models.ts';
import { runOrt, type Output } from '../support/ort.ts';
import { allEncoders, readShared, sharedEncoders } from '../support/shared.ts';

function recovered(bytes: Uint8Array, folder: string, config: Record<string, unknown>): Recovered {
  return recoverParameters(readModel(bytes, (name) => readShared(folder, name)).graph, config);
}

function largestDifference(a: Output, b: Output): number {
  expect(a.dims).toEqual(b.dims);
  return a.data.reduce((max, value, i) => Math.max(max, Math.abs(value - b.data[i])), 0);
}

async function expectRoundTrip(
  bytes: Uint8Array,
  folder: string,
  config: Record<string, unknown>,
): Promise<void> {
  const external = Object.fromEntries(externalFiles(bytes).map((name) => [name, readShared(folder, name)!]));
  const written = writeModel(recovered(bytes, folder, config).graph);
  const before = await runOrt(bytes, tinyFeeds(), external);
  const after = await runOrt(written, tinyFeeds());
  expect(Object.keys(after)).toEqual(Object.keys(before));
  // The optimiser may fold a transposed table in another order than the file's own copy.
  for (const name of Object.keys(before))
    expect(largestDifference(before[name], after[name])).toBeLessThan(1e-6);
}

describe('the committed models', () => {
  it.each(oracleModels)('$name: the written file computes the same', ({ bytes, folder, config }) =>
    expectRoundTrip(bytes, folder, config),
  );

  it.each(oracleModels)('$name: what was written is recovered again', ({ bytes, folder, config }) => {
    const first = recovered(bytes, folder, config);
    const second = recovered(writeModel(first.graph), folder, config);
    expect([...second.parameters.values()].map((p) => [p.name, p.transposed])).toEqual(
      [...first.parameters.values()].map((p) => [p.name, p.transposed]),
    );
    for (const name of first.parameters.keys())
      expect(sameTensor(second.graph.initializers.get(name)!, first.graph.initializers.get(name)!)).toBe(
        true,
      );
  });
});

/** Not in the exported graph, though in the file of weights. */
function isLeftOut(name: string, task: unknown): boolean {
  return name.endsWith('.position_ids') || (task === 'BertModel' && name.startsWith('pooler.'));
}

const opset11 = sharedEncoders('exported-opset11');
describe.skipIf(opset11.length === 0)('parameters (needs the shared folder)', () => {
  it.each(opset11)('$name: all of them, bit for bit', ({ folder, config }) => {
    const { graph, parameters } = recovered(readShared(folder, 'model.onnx')!, folder, config);
    const expected = readSafetensors(readShared(folder, 'model.safetensors')!).tensors;
    const architecture = (config.architectures as string[])[0];
    const wanted = [...expected.keys()].filter((name) => !isLeftOut(name, architecture));
    expect([...parameters.keys()].sort()).toEqual(wanted.sort());
    for (const { name, dims, transposed: flipped } of parameters.values()) {
      const stored = floatsOf(graph.initializers.get(name)!);
      const mine = flipped ? transposed(stored, dims[0], dims[1]) : stored;
      const authors = expected.get(name)!;
      expect(flipped ? [...dims].reverse() : dims, name).toEqual(authors.dims);
      expect(
        Buffer.from(mine.buffer, mine.byteOffset, mine.byteLength).equals(Buffer.from(authors.bytes)),
        name,
      ).toBe(true);
    }
  });
});

/** Names and [out, in] shapes of a BERT by its config. */
function bertShapes(config: Record<string, number>, prefix: string): Map<string, number[]> {
  const { hidden_size: h, intermediate_size: i } = config;
  const shapes = new Map<string, number[]>();
  const norm = (name: string) => shapes.set(`${name}.weight`, [h]).set(`${name}.bias`, [h]);
  const linear = (name: string, out: number, inn: number) =>
    shapes.set(`${name}.weight`, [out, inn]).set(`${name}.bias`, [out]);
  shapes.set(`${prefix}embeddings.word_embeddings.weight`, [config.vocab_size, h]);
  shapes.set(`${prefix}embeddings.position_embeddings.weight`, [config.max_position_embeddings, h]);
  shapes.set(`${prefix}embeddings.token_type_embeddings.weight`, [config.type_vocab_size, h]);
  norm(`${prefix}embeddings.LayerNorm`);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `${prefix}encoder.layer.${layer}.`;
    for (const part of ['query', 'key', 'value']) linear(`${at}attention.self.${part}`, h, h);
    linear(`${at}attention.output.dense`, h, h);
    norm(`${at}attention.output.LayerNorm`);
    linear(`${at}intermediate.dense`, i, h);
    linear(`${at}output.dense`, h, i);
    norm(`${at}output.LayerNorm`);
  }
  return shapes;
}

const opset18 = sharedEncoders('exported-opset18');
describe.skipIf(opset18.length === 0)('names and shapes (needs the shared folder)', () => {
  // The dynamo export came without config.json; it is of the same model as its siblings.
  const config = opset18.find((m) => m.config.hidden_size !== undefined)?.config as Record<string, number>;
  const heads: Record<string, [string, number[]][]> = {
    fe: [],
    mlm: [
      ['cls.predictions.transform.dense.weight', [config?.hidden_size, config?.hidden_size]],
      ['cls.predictions.transform.dense.bias', [config?.hidden_size]],
      ['cls.predictions.transform.LayerNorm.weight', [config?.hidden_size]],
      ['cls.predictions.transform.LayerNorm.bias', [config?.hidden_size]],
      ['cls.predictions.bias', [config?.vocab_size]],
    ],
    sc: [
      ['bert.pooler.dense.weight', [config?.hidden_size, config?.hidden_size]],
      ['bert.pooler.dense.bias', [config?.hidden_size]],
      ['classifier.weight', [2, config?.hidden_size]],
      ['classifier.bias', [2]],
    ],
  };

  it.each(opset18)('$name', ({ name, folder }) => {
    const { parameters } = recovered(readShared(folder, 'model.onnx')!, folder, config);
    const kind = /bert_([a-z]+)/.exec(name)![1];
    const expected = bertShapes(config, kind === 'fe' ? '' : 'bert.');
    for (const [tensor, shape] of heads[kind]) expected.set(tensor, shape);
    const mine = [...parameters.values()].map((p): [string, readonly number[]] => [
      p.name,
      p.transposed ? [...p.dims].reverse() : p.dims,
    ]);
    expect(Object.fromEntries(mine)).toEqual(Object.fromEntries(expected));
  });

  it('of one model, exported in three ways, are bitwise the same parameters', () => {
    const same = opset18.filter(({ name }) => /bert_sc_(eager|eager_14|sdpa)$/.test(name));
    const [first, ...others] = same.map(({ folder }) =>
      recovered(readShared(folder, 'model.onnx')!, folder, config),
    );
    expect(others.length).toBe(2);
    for (const other of others)
      for (const name of first.parameters.keys())
        expect(
          sameTensor(first.graph.initializers.get(name)!, other.graph.initializers.get(name)!),
          name,
        ).toBe(true);
  });
});

describe.skipIf(allEncoders.length === 0)('files written again (need the shared folder)', () => {
  it.each(allEncoders)('$name: computes the same', ({ folder, config }) =>
    expectRoundTrip(readShared(folder, 'model.onnx')!, folder, config),
  );

  it.each(opset11)('$name: computes what PyTorch computed', async ({ folder, config }) => {
    const reference = JSON.parse(readFileSync(path.join(folder, 'reference_io.json'), 'utf8')) as {
      inputs: Record<string, number[][]>;
      outputs: Record<string, { shape: number[]; data: number[] }>;
    };
    const feeds = Object.fromEntries(
      Object.entries(reference.inputs).map(([name, rows]) => [
        name,
        { dims: [rows.length, rows[0].length], data: rows.flat() },
      ]),
    );
    const outputs = await runOrt(
      writeModel(recovered(readShared(folder, 'model.onnx')!, folder, config).graph),
      feeds,
    );
    // PyTorch also recorded outputs (the pooler's) that the export does not have.
    for (const [name, output] of Object.entries(outputs)) {
      const { shape, data } = reference.outputs[name];
      expect(largestDifference(output, { dims: shape, data: Float32Array.from(data) })).toBeLessThan(1e-4);
    }
  });
});
