/** Adapter folders of PEFT, AdapterHub and our own, loaded as the start of a run on a tiny BERT. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import type { Delta, DeltaModel } from '../../../src/deltas/delta.ts';
import type { MethodType } from '../../../src/deltas/defaults.ts';
import { attachDelta } from '../../../src/deltas/registry.ts';
import { filesFromList, filesFromMemory } from '../../../src/models/files.ts';
import { loadModel } from '../../../src/models/load.ts';
import { adapterLayout, type AdapterTensor } from '../../../src/runs/adapter-layout.ts';
import { loadAdapter } from '../../../src/runs/adapter-load.ts';
import { saveAdapter } from '../../../src/runs/adapter-save.ts';
import { completeSpec, readSpec } from '../../../src/runs/spec.ts';
import type { MethodSpec } from '../../../src/runs/spec-method.ts';
import { deltaModelOf } from '../../../src/train/delta-model.ts';
import { unpackAdapter } from '../../../src/worker/starts.ts';
import type { Files, Reader } from '../reader.ts';

const ORACLES = path.join(import.meta.dirname, '../../oracle');
const oracleFile = (...parts: string[]): Uint8Array =>
  new Uint8Array(readFileSync(path.join(ORACLES, ...parts)));

let known: Promise<DeltaModel> | null = null;

function tinyModel(): Promise<DeltaModel> {
  known ??= loadModel(
    filesFromMemory({
      'model.onnx': oracleFile('bert', 'model.onnx'),
      'config.json': oracleFile('bert', 'config.json'),
    }),
    'the model',
  ).then(deltaModelOf);
  return known;
}

interface Attached {
  method: MethodSpec;
  delta: Delta;
  layout: AdapterTensor[];
}

const attached = new Map<string, Promise<Attached>>();

function attach(options: { type: MethodType } & Record<string, unknown>): Promise<Attached> {
  const key = JSON.stringify(options);
  const made = attached.get(key) ?? make(options);
  attached.set(key, made);
  return made;
}

async function make(options: { type: MethodType } & Record<string, unknown>): Promise<Attached> {
  const model = await tinyModel();
  const spec = completeSpec(readSpec({ model: { source: 'm' }, data: { train: 't.tsv' }, method: options }));
  const method = spec.method as MethodSpec;
  const delta = attachDelta(model, method, 1);
  const own = delta.tensors.map(({ name, dims }) => ({ name, shape: dims }));
  const unfrozen = [...new Set([...delta.unfrozen, ...model.head])].map((name) => ({
    name,
    shape: model.parameters.get(name)!.dims,
  }));
  return { method, delta, layout: adapterLayout(delta, [...own, ...unfrozen], model.parameters) };
}

/** What the studio itself writes for a method. */
async function saved(options: { type: MethodType } & Record<string, unknown>): Promise<Files> {
  const { delta, layout, method } = await attach(options);
  const values = new Map(
    layout.map(({ name, dims }) => [name, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(0.5)]),
  );
  const files = saveAdapter(delta, layout, values, { base: { hash: 'aa', source: 'm' }, method });
  return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
}

/** What PEFT or AdapterHub wrote. */
function recorded(name: string): Files {
  const folder = path.join(import.meta.dirname, '../../oracle/bert', name, 'initial');
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, oracleFile('bert', name, 'initial', file)]),
  );
}

function folderReader(
  name: string,
  options: ({ type: MethodType } & Record<string, unknown>)[],
  seeds: () => Promise<Files[]> | Files[],
): Reader {
  return {
    name,
    seeds,
    read: async (files) => {
      for (const one of options) {
        const { delta, layout, method } = await attach(one);
        // The method that the folder was made for takes it; the others refuse it.
        await loadAdapter(filesFromMemory(files), 'the adapter', delta, layout, {
          base: { hash: 'aa', force: false },
          method,
        });
      }
    },
  };
}

const LORA = { type: 'lora' as const, rank: 4, alpha: 8 };
const DORA = { ...LORA, dora: true };
const BOTTLENECK = { type: 'adapter' as const, bottleneck: 8, activation: 'relu', placement: 'pfeiffer' };
const PROMPT = { type: 'prompt' as const, virtualTokens: 5 };
const HEAD = { type: 'head' as const };

export const ADAPTERS: readonly Reader[] = [
  folderReader('peft', [LORA], async () => [recorded('lora'), await saved(LORA)]),
  folderReader('peft-dora', [DORA], async () => [recorded('lora-dora'), await saved(DORA)]),
  folderReader('peft-prompt', [PROMPT], async () => [recorded('prompt'), await saved(PROMPT)]),
  folderReader('adapterhub', [BOTTLENECK], async () => [await saved(BOTTLENECK)]),
  folderReader('delta', [HEAD], async () => [await saved(HEAD)]),
  {
    // The zip as it is, or its files zipped after they were mutated.
    name: 'adapter-zip',
    seeds: async () => {
      const files = await saved(LORA);
      return [
        { 'adapter.zip': zipSync(files) },
        { 'adapter.zip': zipSync({ a: files }, { level: 0 }) },
        files,
      ];
    },
    read: async (files) => {
      const zip = files['adapter.zip'] ?? zipSync(files, { level: 0 });
      const folder = await unpackAdapter('mine', [
        { path: 'adapter.zip', file: new File([zip as Uint8Array<ArrayBuffer>], 'adapter.zip') },
      ]);
      const { delta, layout, method } = await attach(LORA);
      await loadAdapter(filesFromList(folder), 'mine', delta, layout, { method });
    },
  },
];
