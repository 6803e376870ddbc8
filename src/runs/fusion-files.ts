/**
 * AdapterHub's folder of a fusion, as `save_adapter_setup` writes it: `adapter_setup.json` names the adapters, each lies
 * in a folder of its name, and the fusion in one of all their names with commas between, which holds
 * `adapter_fusion_config.json`, `model_adapter_fusion.safetensors` and the head. What `save_adapter_fusion` writes, that
 * last folder alone, starts a run too.
 */
import { ADAPTER_NAME } from '../deltas/adapter-hub.ts';
import type { Delta } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import type { Initializer } from '../graph/source.ts';
import { parseJson } from '../json.ts';
import { openParts, type ReadableFolder } from '../models/files.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { hubFiles, readHubHead } from './adapter-hub-files.ts';
import type { AdapterTensor } from './adapter-layout.ts';
import { movedTo, type SavedFile } from './adapter-names.ts';
import { openWeights } from './weights-file.ts';
import type { FileInParts } from '../onnx/safetensors.ts';

export const FUSION_SETUP = 'adapter_setup.json';
export const FUSION_CONFIG = 'adapter_fusion_config.json';
const FUSION_WEIGHTS = 'model_adapter_fusion.safetensors';

type Folder = ReadableFolder;

/** A folder inside a folder. */
export function inside(folder: Folder, name: string): Folder {
  return {
    read: (file) => folder.read(`${name}/${file}`),
    open: (file) => openParts(folder, `${name}/${file}`),
  };
}

/**
 * @param pack writes trained tensors as safetensors
 * @param packFrozen the same of tensors that come with their values
 */
export function fusionFiles(
  delta: Delta,
  layout: readonly AdapterTensor[],
  pack: (part: readonly AdapterTensor[]) => FileInParts,
  packFrozen: (part: Delta['tensors']) => FileInParts,
): SavedFile[] {
  const members = delta.fused!;
  const names = members.map(({ name }) => name);
  const setup = {
    adapter_setup: {
      type: 'Fuse',
      children: names.map((name) => ({ type: 'single', children: [name] })),
    },
    head_setup: null,
  };
  const under = (name: string, files: readonly SavedFile[]): SavedFile[] =>
    files.map((file) => movedTo(name, file));
  const files = { config: FUSION_CONFIG, weights: FUSION_WEIGHTS };
  return [
    { name: FUSION_SETUP, bytes: new TextEncoder().encode(`${JSON.stringify(setup, null, 2)}\n`) },
    ...members.flatMap(({ name, tensors, hubConfig }) => {
      const renamed = tensors.map((tensor) => ({
        ...tensor,
        file: { ...tensor.file, name: tensor.file.name.replace(`.${ADAPTER_NAME}.`, `.${name}.`) },
      }));
      const own = { ...delta, tensors: renamed, hubConfig: { ...hubConfig, name } };
      return under(
        name,
        hubFiles(own, renamed, () => packFrozen(renamed)),
      );
    }),
    ...under(names.join(','), hubFiles(delta, layout, pack, files)),
  ];
}

/** A fusion that was found: its description, and the folder that it lies in. */
export interface FoundFusion {
  config: Record<string, unknown>;
  where: string;
  /** Of its adapters; files call it by all of them. */
  names: readonly string[];
  folder: Folder;
  label: string;
}

/** The fusion of a folder; null where there is none. @throws StudioError('adapter-file') for broken JSON */
export async function findFusion(folder: Folder, label: string): Promise<FoundFusion | null> {
  const setup = await folder.read(FUSION_SETUP);
  const names = setup === undefined ? null : namesOf(objectOf(setup, `${label}/${FUSION_SETUP}`));
  const [own, place] =
    names === null ? [folder, label] : [inside(folder, names.join(',')), `${label}/${names.join(',')}`];
  const bytes = await own.read(FUSION_CONFIG);
  if (bytes === undefined) return null;
  const where = `${place}/${FUSION_CONFIG}`;
  const config = objectOf(bytes, where);
  const known = names ?? (typeof config['name'] === 'string' ? config['name'].split(',') : []);
  return { config, where, names: known, folder: own, label: place };
}

function objectOf(bytes: Uint8Array, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new StudioError('adapter-file', say`${where} is not valid JSON; save the adapter again`, {
      where,
      cause,
    });
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The adapters of a setup that is one fusion of plain adapters; null for another. */
function namesOf(setup: Record<string, unknown>): string[] | null {
  const fuse = setup['adapter_setup'] as { type?: unknown; children?: unknown } | null | undefined;
  if (fuse?.type !== 'Fuse' || !Array.isArray(fuse.children)) return null;
  const names = (fuse.children as { type?: unknown; children?: unknown[] }[]).map((child) =>
    child?.type === 'single' && typeof child.children?.[0] === 'string' ? child.children[0] : null,
  );
  return names.every((name) => name !== null) ? names : null;
}

/** What the library can say of a fusion and is not computed here. */
const DECISIVE: Readonly<Record<string, unknown>> = {
  key: true,
  query: true,
  value: true,
  query_before_ln: false,
  residual_before: false,
  temperature: false,
};

/** What of a saved fusion the method cannot be; null where it fits. */
export function fusionMismatch(delta: Delta, { config: saved, names }: FoundFusion): Sentence | null {
  const config = saved['config'];
  if (typeof config !== 'object' || config === null) return say`a config that is no object`;
  if (names.length !== delta.fused!.length)
    return say`${names.length} adapters where ${field('method.adapters')} names ${delta.fused!.length}`;
  for (const [name, want] of Object.entries(DECISIVE)) {
    const got = (config as Record<string, unknown>)[name];
    if (got === undefined || got === want) continue;
    return say`${name} ${JSON.stringify(got)}, which "${delta.type}" does not have here`;
  }
  return null;
}

/** Tensors of a fusion by the names they have here, and whether it brings a head. */
export async function readFusion(
  { folder, label, names }: FoundFusion,
  delta: Delta,
): Promise<{
  tensors: Map<string, Initializer>;
  metadata: Readonly<Record<string, string>>;
  where: string;
  head: boolean;
}> {
  const where = `${label}/${FUSION_WEIGHTS}`;
  const read = await openWeights(folder, FUSION_WEIGHTS, where);
  if (read === undefined) {
    const pickled = (await folder.read('pytorch_model_adapter_fusion.bin')) !== undefined;
    throw new StudioError(
      'adapter-file',
      pickled
        ? say`${field('method.init')}: ${label} has pickled weights (pytorch_model_adapter_fusion.bin), which are not read here; save the fusion again with use_safetensors=True`
        : say`${field('method.init')}: ${label} has no ${FUSION_WEIGHTS}; choose a folder that has one`,
      { where: 'method.init' },
    );
  }
  const { tensors, metadata } = read;
  const mine = delta.fused!.map(({ name }) => name).join(',');
  const renamed = [...tensors].map(([key, tensor]): [string, Initializer] => [
    key.replace(`.adapter_fusion_layer.${names.join(',')}.`, `.adapter_fusion_layer.${mine}.`),
    tensor,
  ]);
  const head = await readHubHead(folder, label);
  return { tensors: new Map([...renamed, ...head]), metadata, where, head: head.size > 0 };
}
