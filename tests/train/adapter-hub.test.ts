/** AdapterHub's folders: what is written is read back, the library's own load, and what does not fit is named. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import type { AdapterOptions } from '../../src/deltas/adapter.ts';
import type { CompacterOptions } from '../../src/deltas/compacter.ts';
import type { MamOptions } from '../../src/deltas/mam.ts';
import type { UnipeltOptions } from '../../src/deltas/unipelt.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { readSafetensors, writeSafetensors } from '../../src/onnx/safetensors.ts';
import { adapterLayout, type AdapterTensor } from '../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../src/runs/adapter-load.ts';
import type { SavedFile } from '../../src/runs/adapter-names.ts';
import { saveAdapter } from '../../src/runs/adapter-save.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

const OPTIONS: AdapterOptions = { ...(defaultOptions('adapter') as AdapterOptions), bottleneck: 6 };

async function saved(options: AdapterOptions | CompacterOptions | MamOptions | UnipeltOptions) {
  const folder = join(ORACLES, 'bert');
  const loaded = await loadModel(modelFiles(folder), folder);
  const model = deltaModelOf(
    prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }),
  );
  const delta = attachAll(model, [options], 1).parts[0];
  const head = model.head.map((name) => ({ name, shape: model.parameters.get(name)!.dims }));
  const own = delta.tensors.map(({ name, dims }) => ({ name, shape: dims }));
  const layout: AdapterTensor[] = adapterLayout(delta, [...own, ...head], model.parameters);
  let next = 0;
  const values = new Map(
    layout.map(({ name, dims }) => [
      name,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => ++next / 64),
    ]),
  );
  return { delta, layout, values, files: saveAdapter(delta, layout, values) };
}

const memory = (files: readonly SavedFile[]) => ({
  read: async (name: string) => files.find((file) => file.name === name)?.bytes,
});

const configOf = (files: readonly SavedFile[]): { config: Record<string, unknown>; name: string } =>
  JSON.parse(new TextDecoder().decode(files[0].bytes)) as { config: Record<string, unknown>; name: string };

/** The folder with another description. */
function described(files: readonly SavedFile[], about: object): SavedFile[] {
  return [{ ...files[0], bytes: new TextEncoder().encode(JSON.stringify(about)) }, ...files.slice(1)];
}

describe('AdapterHub’s layout', () => {
  it('has the library’s names and is read back to the same tensors', async () => {
    const { delta, layout, values, files } = await saved({ ...OPTIONS, learnedScale: true });
    expect(files.map(({ name }) => name)).toEqual([
      'adapter_config.json',
      'adapter.safetensors',
      'head_config.json',
      'model_head.safetensors',
    ]);
    const { tensors } = readSafetensors(files[1].bytes);
    const place = 'bert.encoder.layer.1.attention.output.adapters.delta';
    expect(tensors.get(`${place}.adapter_down.0.weight`)?.dims).toEqual([6, 32]);
    expect(tensors.get(`${place}.scaling`)?.dims).toEqual([1]);
    expect(tensors.has('bert.encoder.layer.0.output.adapters.delta.adapter_up.bias')).toBe(true);
    const { config } = configOf(files);
    expect(config).toMatchObject({ mh_adapter: true, non_linearity: 'swish', scaling: 'learned' });
    expect(Math.floor(32 / (config['reduction_factor'] as number))).toBe(6);
    expect(await loadAdapter(memory(files), 'saved', delta, layout)).toEqual(values);
  });

  it('holds a Compacter under the library’s names, its shared factors once', async () => {
    const options = { type: 'compacter', reduction: 8, kroneckerFactors: 4, placement: 'both' } as const;
    const { delta, layout, values, files } = await saved(options);
    expect(configOf(files).config).toMatchObject({
      ...{ phm_layer: true, phm_dim: 4, phm_rank: 1, reduction_factor: 8, mh_adapter: true },
      ...{ non_linearity: 'gelu', shared_phm_rule: true },
    });
    const { tensors } = readSafetensors(files[1].bytes);
    expect(tensors.get('bert.shared_parameters.delta.phm_rule')?.dims).toEqual([4, 4, 4]);
    const place = 'bert.encoder.layer.0.output.adapters.delta';
    expect(tensors.get(`${place}.adapter_down.0.W_left`)?.dims).toEqual([4, 8, 1]);
    expect(tensors.get(`${place}.adapter_up.W_right`)?.dims).toEqual([4, 1, 8]);
    expect(tensors.get(`${place}.adapter_up.b`)?.dims).toEqual([32]);
    expect(await loadAdapter(memory(files), 'saved', delta, layout)).toEqual(values);
    const other = (change: object) =>
      described(files, { ...configOf(files), config: { ...configOf(files).config, ...change } });
    const load = (given: SavedFile[]) => loadAdapter(memory(given), 'a', delta, layout);
    await expect(load(other({ phm_layer: false }))).rejects.toThrow(/phm_layer false, where method\.type/);
    await expect(load(other({ phm_dim: 2 }))).rejects.toThrow(/phm_dim 2 where method\.kroneckerFactors/);
    await expect(load(other({ reduction_factor: 2 }))).rejects.toThrow(/where method\.reduction makes it 8/);
    await expect(load(other({ shared_W_phm: true }))).rejects.toThrow(
      /shared_W_phm true, which "compacter" does not have here/,
    );
  });

  it('holds Mix-And-Match as a union of prefix tuning and an adapter', async () => {
    const options = { type: 'mam', virtualTokens: 3, reduction: 4, encoderHiddenSize: 5 } as const;
    const { delta, layout, values, files } = await saved(options);
    const about = configOf(files);
    const [prefix, adapter] = about.config['configs'] as Record<string, unknown>[];
    expect(about.config['architecture']).toBe('union');
    expect(prefix).toMatchObject({ architecture: 'prefix_tuning', prefix_length: 3, bottleneck_size: 5 });
    expect(adapter).toMatchObject({ is_parallel: true, scaling: 4, reduction_factor: 4, mh_adapter: false });
    const { tensors } = readSafetensors(files[1].bytes);
    const place = 'bert.prefix_tuning.prefix_tunings.delta.self_prefix';
    expect(tensors.get(`${place}.wte.weight`)?.dims).toEqual([3, 32]);
    expect(tensors.get(`${place}.control_trans.2.weight`)?.dims).toEqual([2 * 2 * 32, 5]);
    expect(tensors.get('bert.encoder.layer.1.output.adapters.delta.adapter_up.weight')?.dims).toEqual([
      32, 8,
    ]);
    expect(await loadAdapter(memory(files), 'saved', delta, layout)).toEqual(values);

    // As the library writes it: its own name, and the shared encoder once more for each layer.
    const theirs = [...tensors.values()].flatMap((tensor) => {
      const name = tensor.name.replaceAll('.delta.', '.sst.');
      const again = name.replace(
        'bert.prefix_tuning.',
        'bert.encoder.layer.0.attention.self.prefix_tuning.pool.',
      );
      return again === name
        ? [{ ...tensor, name }]
        : [
            { ...tensor, name },
            { ...tensor, name: again },
          ];
    });
    const folder = described([files[0], { name: files[1].name, bytes: writeSafetensors(theirs) }], {
      ...about,
      name: 'sst',
    });
    const read = await loadAdapter(memory(folder), 'theirs', delta, layout);
    for (const { name } of delta.tensors) expect(read.get(name)).toEqual(values.get(name));

    const load = (config: object) =>
      loadAdapter(memory(described(files, { ...about, config })), 'a', delta, layout);
    const union = (...configs: object[]) => load({ architecture: 'union', configs });
    await expect(union({ ...prefix, prefix_length: 9 }, adapter)).rejects.toThrow(
      /prefix_length 9 where method\.virtualTokens makes it 3/,
    );
    await expect(union({ ...prefix, bottleneck_size: 800 }, adapter)).rejects.toThrow(
      /bottleneck_size 800 where method\.encoderHiddenSize makes it 5/,
    );
    await expect(union({ ...prefix, flat: true }, adapter)).rejects.toThrow(
      /flat true, which "mam" does not/,
    );
    await expect(union(prefix, { ...adapter, reduction_factor: 16 })).rejects.toThrow(
      /reduction_factor 16 where method\.reduction makes it 4/,
    );
    await expect(union(adapter, prefix)).rejects.toThrow(/architecture null where "mam" has "prefix_tuning"/);
    await expect(union(prefix)).rejects.toThrow(/"mam" is a union of 2 methods/);
    await expect(load(adapter)).rejects.toThrow(/architecture null where "mam" is a union of 2 methods/);
  });

  it('holds UniPELT as a union of three, each with its gates', async () => {
    const options = {
      type: 'unipelt',
      virtualTokens: 3,
      reduction: 4,
      rank: 2,
      encoderHiddenSize: 5,
    } as const;
    const { delta, layout, values, files } = await saved(options);
    const about = configOf(files);
    const [prefix, adapter, lora] = about.config['configs'] as Record<string, unknown>[];
    expect(prefix).toMatchObject({ architecture: 'prefix_tuning', use_gating: true, shared_gating: true });
    expect(adapter).toMatchObject({ original_ln_before: true, use_gating: true, reduction_factor: 4 });
    expect(lora).toMatchObject({
      architecture: 'lora',
      r: 2,
      alpha: 2,
      attn_matrices: ['q', 'v'],
      use_gating: true,
    });
    const { tensors } = readSafetensors(files[1].bytes);
    const dims = (name: string) => tensors.get(`bert.encoder.layer.1.${name}`)?.dims;
    expect(dims('attention.self.prefix_tuning.prefix_gates.delta.weight')).toEqual([1, 32]);
    expect(dims('attention.self.query.loras.delta.lora_A')).toEqual([2, 32]);
    expect(dims('attention.self.value.loras.delta.lora_B')).toEqual([32, 2]);
    expect(dims('attention.self.value.loras.delta.gate.bias')).toEqual([1]);
    expect(dims('output.adapters.delta.gate.weight')).toEqual([1, 32]);
    expect(await loadAdapter(memory(files), 'saved', delta, layout)).toEqual(values);

    const theirs = [...tensors.values()].map((tensor) => ({
      ...tensor,
      name: tensor.name.replaceAll('.delta.', '.sst.'),
    }));
    const folder = described([files[0], { name: files[1].name, bytes: writeSafetensors(theirs) }], {
      ...about,
      name: 'sst',
    });
    const read = await loadAdapter(memory(folder), 'theirs', delta, layout);
    for (const { name } of delta.tensors) expect(read.get(name)).toEqual(values.get(name));

    const load = (...configs: object[]) =>
      loadAdapter(
        memory(described(files, { ...about, config: { architecture: 'union', configs } })),
        'a',
        delta,
        layout,
      );
    await expect(load(prefix, adapter, { ...lora, r: 8 })).rejects.toThrow(
      /r 8 where method\.rank makes it 2/,
    );
    await expect(load(prefix, adapter, { ...lora, attn_matrices: ['q', 'k', 'v'] })).rejects.toThrow(
      /attn_matrices \["q","k","v"\], where "unipelt" has \["q","v"\]/,
    );
    await expect(load(prefix, { ...adapter, use_gating: false }, lora)).rejects.toThrow(
      /use_gating false, which "unipelt" does not/,
    );
    await expect(load(prefix, adapter)).rejects.toThrow(/"unipelt" is a union of 3 methods/);
  });

  it('loads under another name, and without a head', async () => {
    const { delta, layout, values, files } = await saved({ ...OPTIONS, placement: 'pfeiffer' });
    expect(configOf(files).config).toMatchObject({ original_ln_before: true, mh_adapter: false });
    const renamed = [...readSafetensors(files[1].bytes).tensors.values()].map((tensor) => ({
      ...tensor,
      name: tensor.name.replace('.adapters.delta.', '.adapters.sst-2.'),
    }));
    const theirs = described([files[0], { name: files[1].name, bytes: writeSafetensors(renamed) }], {
      ...configOf(files),
      name: 'sst-2',
    });
    const read = await loadAdapter(memory(theirs), 'theirs', delta, layout);
    expect([...read.keys()]).toEqual(delta.tensors.map(({ name }) => name));
    for (const [name, tensor] of read) expect(tensor).toEqual(values.get(name));
  });

  it('names what does not fit', async () => {
    const { delta, layout, files } = await saved(OPTIONS);
    const load = (given: SavedFile[]) => loadAdapter(memory(given), 'a', delta, layout);
    const other = (change: object) =>
      described(files, { ...configOf(files), config: { ...configOf(files).config, ...change } });
    await expect(load(other({ reduction_factor: 2 }))).rejects.toThrow(
      /reduction_factor 2 where method\.bottleneck/,
    );
    await expect(load(other({ mh_adapter: false }))).rejects.toThrow(
      /mh_adapter false where method\.placement/,
    );
    await expect(load(other({ ln_after: true }))).rejects.toThrow(
      /ln_after true, which "adapter" does not have/,
    );
    await expect(load(described(files, { ...configOf(files), config: null }))).rejects.toThrow(
      /a config that is no object/,
    );
    await expect(load(other({ architecture: 'lora' }))).rejects.toThrow(/architecture "lora"/);
    await expect(load(described(files, { peft_type: 'LORA' }))).rejects.toThrow(
      /is that of a PEFT adapter \(peft_type "LORA"\), and "adapter" is kept as an AdapterHub adapter/,
    );
    await expect(load([files[0], { name: 'pytorch_adapter.bin', bytes: new Uint8Array(1) }])).rejects.toThrow(
      /pickled weights .* save the adapter again with use_safetensors=True/,
    );
    await expect(load([])).rejects.toThrow(/a has no adapter_config\.json; choose an AdapterHub folder/);
  });
});
