/** A fusion's folder is AdapterHub's and holds its adapters too; what cannot be fused is refused by its folder. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import type { AdapterOptions } from '../../src/deltas/adapter-options.ts';
import { adapter } from '../../src/deltas/adapter.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import { attachDelta, type MethodOptions } from '../../src/deltas/registry.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { english } from '../../src/sentence.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import type { SavedFile } from '../../src/runs/adapter-names.ts';
import { saveAdapter } from '../../src/runs/adapter-save.ts';
import { openFused, openFusedOf } from '../../src/runs/fusion-adapters.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';
import { obstacle } from '../../src/deltas/catalogue.ts';

const SHAPE: AdapterOptions = { type: 'adapter', bottleneck: 6, activation: 'relu', placement: 'pfeiffer' };

async function load(family: string): Promise<DeltaModel> {
  const folder = join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
}

let model: DeltaModel;
/** By path, as a person names them. */
const folders = new Map<string, SavedFile[]>();

const open = (path: string) => ({
  read: async (name: string) =>
    folders
      .get(path.split('/')[0])
      ?.find((file) => file.name === [...path.split('/').slice(1), name].join('/'))?.bytes,
});

/** The files of a method whose every number is something, under a name. */
function keep(
  path: string,
  of: DeltaModel,
  method: MethodOptions,
  base = of.hash!,
): { values: Map<string, Float32Array> } {
  const delta = attachDelta(of, method, 1);
  const shaped = delta.tensors.map(({ name, dims }) => ({ name, shape: dims }));
  const head = of.head.map((name) => ({ name, shape: of.parameters.get(name)!.dims }));
  const layout = adapterLayout(delta, [...shaped, ...head], of.parameters);
  const values = new Map(
    layout.map(({ name, dims }, k) => [
      name,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + k) / 8),
    ]),
  );
  folders.set(path, saveAdapter(delta, layout, values, { base: { hash: base, source: 'm' }, method }));
  return { values };
}

const fusion = (...adapters: string[]): MethodOptions => ({ type: 'fusion', adapters, penalty: 0.01 });

beforeAll(async () => {
  model = await load('bert');
  keep('one', model, SHAPE);
  keep('two', model, { ...SHAPE, bottleneck: 3, activation: 'silu', learnedScale: true });
});

describe('the folder of a fusion', () => {
  it('has the library’s names, its adapters beside it, and is read back without theirs', async () => {
    const method = fusion('one', 'two');
    await openFused([method], model, open);
    const { values } = keep('both', model, method);
    const files = folders.get('both')!;
    expect(files.map(({ name }) => name)).toEqual([
      'adapter_setup.json',
      'one/adapter_config.json',
      'one/adapter.safetensors',
      'two/adapter_config.json',
      'two/adapter.safetensors',
      'one,two/adapter_fusion_config.json',
      'one,two/model_adapter_fusion.safetensors',
      'one,two/head_config.json',
      'one,two/model_head.safetensors',
    ]);
    const json = (at: number): unknown => JSON.parse(new TextDecoder().decode(files[at].bytes));
    expect(json(0)).toMatchObject({
      adapter_setup: {
        type: 'Fuse',
        children: [
          { type: 'single', children: ['one'] },
          { type: 'single', children: ['two'] },
        ],
      },
    });
    expect(json(3)).toMatchObject({ name: 'two', config: { non_linearity: 'swish', scaling: 'learned' } });
    expect(json(5)).toMatchObject({
      name: 'one,two',
      config: { key: true, query: true, value: true, regularization: true, value_initialized: true },
    });
    const place = 'bert.encoder.layer.1.output';
    const { tensors } = readSafetensors(files[6].bytes);
    expect([...tensors.keys()].filter((name) => name.startsWith(place)).sort()).toEqual(
      ['key.bias', 'key.weight', 'query.bias', 'query.weight', 'value.weight'].map(
        (part) => `${place}.adapter_fusion_layer.one,two.${part}`,
      ),
    );
    const member = readSafetensors(files[4].bytes).tensors;
    expect(member.get(`${place}.adapters.two.adapter_down.0.weight`)?.dims).toEqual([3, 32]);

    // As whoever has the folder alone reads it: the adapters' own folders are gone.
    const elsewhere = { ...model, adapters: new Map() };
    await openFusedOf(method, elsewhere, open('both'), 'both');
    const again = attachAll(elsewhere, [method], 1);
    const [part] = again.parts;
    const shaped = [
      ...part.tensors,
      ...model.head.map((name) => ({ name, dims: model.parameters.get(name)!.dims })),
    ];
    const layout = adapterLayout(
      part,
      shaped.map(({ name, dims }) => ({ name, shape: dims })),
      model.parameters,
    );
    expect(await loadAdapter(open('both'), 'both', part, layout)).toEqual(values);
    const frozen = 'delta.fusion.adapter1.bert.encoder.layer.1.output.dense.down.weight';
    expect(again.graph.initializers.get(frozen)).toEqual(
      attachAll(model, [method], 1).graph.initializers.get(frozen),
    );
    // What the library saves of a fusion alone starts one too, whatever its adapters are called.
    const alone = open('both/one,two');
    const renamed = { ...model, adapters: new Map(model.adapters) };
    renamed.adapters.set('one', { ...(renamed.adapters.get('one') as object), name: 'x.y' } as never);
    const other = attachAll(renamed, [method], 1).parts[0];
    expect(other.hubConfig?.['name']).toBe('x_y,two');
    const start = await loadAdapter(
      alone,
      'alone',
      other,
      adapterLayout(
        other,
        shaped.map(({ name, dims }) => ({ name, shape: dims })),
        model.parameters,
      ),
    );
    expect(start).toEqual(values);
  });

  it('is started from only by a fusion of as many, and of the mathematics here', async () => {
    const method = fusion('one', 'two');
    await openFused([method], model, open);
    keep('both', model, method);
    const delta = attachAll(model, [method], 1).parts[0];
    const load = (files: SavedFile[], of = delta) => {
      folders.set('changed', files);
      return loadAdapter(open('changed'), 'changed', of, []);
    };
    const files = folders.get('both')!;
    const changed = (change: (text: string) => string): SavedFile[] =>
      files.map((file, i) =>
        i === 5
          ? { ...file, bytes: new TextEncoder().encode(change(new TextDecoder().decode(file.bytes))) }
          : file,
      );
    await expect(
      load(changed((text) => text.replace('"temperature": false', '"temperature": true'))),
    ).rejects.toThrow(
      /one,two\/adapter_fusion_config\.json has temperature true, which "fusion" does not have here/,
    );
    await expect(load(changed(() => '{'))).rejects.toThrow(/is not valid JSON; save the adapter again/);
    await expect(load(files.filter((_, i) => i !== 6))).rejects.toThrow(
      /one,two has no model_adapter_fusion/,
    );
    await expect(load(files, attachDelta(model, SHAPE, 1))).rejects.toThrow(
      /is that of an AdapterHub fusion, and "adapter" is kept as an AdapterHub adapter/,
    );
  });
});

describe('adapters that cannot be fused', () => {
  /** What the fusion of `one` and another is refused with. */
  const refusal = async (...adapters: string[]): Promise<{ where: string; text: string }> => {
    const method = fusion(...adapters);
    await openFused([method], model, open);
    const found = obstacle(model, method)!;
    return { where: found.where, text: english(found.message) };
  };

  it('are too few, twice the same, or not open', async () => {
    expect(await refusal('one')).toMatchObject({ where: 'method.adapters' });
    expect((await refusal()).text).toMatch(/over two trained adapters or more, and 0 are named/);
    expect(await refusal('one', 'one')).toMatchObject({
      where: 'method.adapters[1]',
      text: expect.stringMatching(/one is named twice/) as string,
    });
    const closed = obstacle({ ...model, adapters: new Map() }, fusion('one', 'two'))!;
    expect(english(closed.message)).toMatch(/method\.adapters\[0\]: the adapter "one" is not open here/);
  });

  it('are no adapters, or adapters of another method', async () => {
    expect((await refusal('one', 'nowhere')).text).toMatch(
      /^method\.adapters\[1\]: nowhere holds no adapter; name the folder of a run/,
    );
    keep('lora', model, {
      type: 'lora',
      rank: 2,
      alpha: 4,
      dropout: 0,
      targets: ['q'],
      rankStabilized: false,
    });
    expect((await refusal('one', 'lora')).text).toMatch(
      /lora is that of a PEFT adapter, and a fusion is over/,
    );
    keep('compacter', model, { type: 'compacter', reduction: 8, kroneckerFactors: 4, placement: 'pfeiffer' });
    expect((await refusal('one', 'compacter')).text).toMatch(/phm_layer true: it is a Compacter/);
    keep('mam', model, { type: 'mam', virtualTokens: 2, reduction: 4, encoderHiddenSize: 4 });
    expect((await refusal('one', 'mam')).text).toMatch(/has architecture "union", where adapters here/);
  });

  it('stand in other places, or belong to another base', async () => {
    keep('after', model, { ...SHAPE, placement: 'both' });
    expect((await refusal('one', 'after')).text).toMatch(
      /after have the placement "both" and those of one "pfeiffer"/,
    );
    keep('beside', model, { ...SHAPE, placement: 'parallel' });
    expect((await refusal('one', 'beside')).text).toMatch(
      /stand beside their sub-layer \(placement "parallel"\)/,
    );
    keep('other', model, SHAPE, 'f'.repeat(64));
    expect((await refusal('one', 'other')).text).toMatch(
      /trained on another base model \(weights ffffffffffff/,
    );
    const forced = fusion('one', 'other');
    await openFused([{ ...forced, initForce: true }], model, open);
    expect(obstacle(model, forced)).toBeNull();
  });

  it('have another number of layers', async () => {
    const files = saveAdapter(adapter(model, SHAPE, 1), [], new Map());
    const shallow = adapter(model, SHAPE, 1).tensors.filter(({ name }) => !name.includes('layer.1'));
    const layout = shallow.map(({ name, dims, file }) => ({ name, dims, file }));
    const values = new Map(shallow.map(({ name, data }) => [name, data]));
    const weights = saveAdapter({ ...adapter(model, SHAPE, 1), tensors: shallow }, layout, values)[1];
    folders.set('shallow', [files[0], weights]);
    expect((await refusal('one', 'shallow')).text).toMatch(
      /has no tensor bert\.encoder\.layer\.1\.output\.adapters\.delta\.adapter_down/,
    );
  });
});
