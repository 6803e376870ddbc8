/**
 * AdapterHub's folder of a bottleneck adapter or a Compacter: `adapter_config.json` and `adapter.safetensors`, the head apart in
 * `head_config.json` and `model_head.safetensors`. Folders of the library itself load too, whatever their
 * adapter is called; without a head file the head starts fresh. Pickled weights (`.bin`) are not read.
 */
import { ADAPTER_NAME } from '../deltas/adapter-hub.ts';
import type { Delta } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import type { Initializer } from '../graph/source.ts';
import type { ReadableFolder } from '../models/files.ts';
import type { AdapterTensor } from './adapter-layout.ts';
import { ADAPTER_CONFIG, type SavedFile, savedInParts } from './adapter-names.ts';
import { openWeights } from './weights-file.ts';
import type { FileInParts } from '../onnx/safetensors.ts';

export const HUB_WEIGHTS = 'adapter.safetensors';
export const HUB_HEAD = 'model_head.safetensors';
const HUB_HEAD_CONFIG = 'head_config.json';

const json = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/**
 * @param pack writes tensors as safetensors
 * @param names of the description and of the weights
 */
export function hubFiles(
  delta: Delta,
  layout: readonly AdapterTensor[],
  pack: (part: readonly AdapterTensor[]) => FileInParts,
  names = { config: ADAPTER_CONFIG, weights: HUB_WEIGHTS },
): SavedFile[] {
  const own = new Set(delta.tensors.map(({ name }) => name));
  const head = layout.filter(({ name }) => !own.has(name));
  const { config: _config, ...about } = delta.hubConfig!;
  const files: SavedFile[] = [
    { name: names.config, bytes: json(delta.hubConfig) },
    savedInParts(names.weights, pack(layout.filter(({ name }) => own.has(name)))),
  ];
  if (head.length === 0) return files;
  return [
    ...files,
    { name: HUB_HEAD_CONFIG, bytes: json({ config: null, ...about }) },
    savedInParts(HUB_HEAD, pack(head)),
  ];
}

/** Fields of `config` that decide what is computed, and the option each belongs to. */
const DECISIVE: Readonly<Record<string, string>> = {
  reduction_factor: 'method.bottleneck',
  non_linearity: 'method.activation',
  mh_adapter: 'method.placement',
  output_adapter: 'method.placement',
  original_ln_before: 'method.placement',
  is_parallel: 'method.placement',
  scaling: 'method.placement or method.learnedScale',
  phm_dim: 'method.kroneckerFactors',
  prefix_length: 'method.virtualTokens',
  bottleneck_size: 'method.encoderHiddenSize',
  r: 'method.rank',
};

/** Methods whose bottleneck is said as a reduction. */
const BY_REDUCTION: readonly string[] = ['compacter', 'mam', 'unipelt'];

/** What the library can say and a method here cannot do, unless its own configuration says so. */
const ABSENT: Readonly<Record<string, unknown>> = {
  original_ln_after: true,
  ln_before: false,
  ln_after: false,
  use_gating: false,
  inv_adapter: null,
  cross_adapter: false,
  // Of Compacter: what the paper and the library's own configuration have.
  phm_rank: 1,
  phm_bias: true,
  learn_phm: true,
  shared_phm_rule: true,
  factorized_phm_rule: false,
  shared_W_phm: false,
  factorized_phm_W: true,
  // Of prefixes: rows come out of the MLP that trains.
  flat: false,
  shared_gating: true,
  // Of LoRA: queries and values of attentions.
  selfattn_lora: true,
  intermediate_lora: false,
  output_lora: false,
  composition_mode: 'add',
};

/**
 * Says what of a saved adapter's configuration the method contradicts.
 * @param saved adapter_config.json
 * @returns `reduction_factor 16 where method.bottleneck makes it 2`, or null
 */
export function hubMismatch(delta: Delta, saved: Readonly<Record<string, unknown>>): Sentence | null {
  const got = saved['config'];
  if (!isObject(got)) return say`a config that is no object`;
  const want = delta.hubConfig!['config'] as Record<string, unknown>;
  const [mine, theirs] = [want, got].map((config) => config['configs']);
  if (!Array.isArray(mine)) return memberMismatch(delta, want, got);
  if (got['architecture'] !== 'union' || !Array.isArray(theirs) || theirs.length !== mine.length)
    return say`architecture ${JSON.stringify(got['architecture'] ?? null)} where "${delta.type}" is a union of ${mine.length} methods`;
  for (const [i, member] of (mine as Record<string, unknown>[]).entries()) {
    const other: unknown = theirs[i];
    if (!isObject(other)) return say`a config that is no object`;
    const found = memberMismatch(delta, member, other);
    if (found) return found;
  }
  return null;
}

/** The same of one method: the only one, or a member of a union. */
function memberMismatch(
  delta: Delta,
  want: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
): Sentence | null {
  const architecture = got['architecture'] ?? null;
  const wanted = want['architecture'];
  if (architecture !== wanted)
    return wanted === null
      ? say`architecture ${JSON.stringify(architecture)} where "${delta.type}" is a bottleneck adapter`
      : say`architecture ${JSON.stringify(architecture)} where "${delta.type}" has ${JSON.stringify(wanted)}`;
  if ((got['phm_layer'] ?? false) !== (want['phm_layer'] ?? false))
    return say`phm_layer ${JSON.stringify(got['phm_layer'] ?? false)}, where ${field('method.type')} "${delta.type}" has ${JSON.stringify(want['phm_layer'])}`;
  for (const [name, option] of Object.entries(DECISIVE)) {
    if (got[name] === undefined || want[name] === undefined || same(name, got[name], want[name])) continue;
    return say`${name} ${JSON.stringify(got[name])} where ${field(BY_REDUCTION.includes(delta.type) && name === 'reduction_factor' ? 'method.reduction' : option)} makes it ${JSON.stringify(want[name])}`;
  }
  for (const [name, value] of Object.entries(ABSENT)) {
    const own = want[name] ?? value;
    if (got[name] === undefined || got[name] === own) continue;
    if (name.includes('phm') && want['phm_layer'] !== true) continue;
    return say`${name} ${JSON.stringify(got[name])}, which "${delta.type}" does not have here`;
  }
  if (
    want['original_ln_before'] === true &&
    got['residual_before_ln'] !== undefined &&
    got['residual_before_ln'] !== true
  )
    return say`residual_before_ln ${JSON.stringify(got['residual_before_ln'])}, where "pfeiffer" has true`;
  const [matrices, own] = [got['attn_matrices'], want['attn_matrices']];
  if (matrices !== undefined && own !== undefined && JSON.stringify(matrices) !== JSON.stringify(own))
    return say`attn_matrices ${JSON.stringify(matrices)}, where "${delta.type}" has ${JSON.stringify(own)}`;
  const left = got['leave_out'];
  return Array.isArray(left) && left.length > 0
    ? say`leave_out ${JSON.stringify(left)}, which "${delta.type}" does not have here`
    : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(field: string, got: unknown, want: unknown): boolean {
  if (field === 'non_linearity') return got === want || (got === 'silu' && want === 'swish');
  // Factors are rounded to whole widths.
  if (field === 'reduction_factor') return Math.abs(Number(got) / Number(want) - 1) < 0.01;
  return got === want;
}

/** Tensors of a folder by the names they have here, and whether it brings a head. */
export async function readHub(
  folder: ReadableFolder,
  label: string,
  saved: Readonly<Record<string, unknown>>,
): Promise<{ tensors: Map<string, Initializer>; metadata: Readonly<Record<string, string>>; head: boolean }> {
  const read = await openWeights(folder, HUB_WEIGHTS, `${label}/${HUB_WEIGHTS}`);
  if (read === undefined) {
    const pickled = (await folder.read('pytorch_adapter.bin')) !== undefined;
    throw new StudioError(
      'adapter-file',
      pickled
        ? say`${field('method.init')}: ${label} has pickled weights (pytorch_adapter.bin), which are not read here; save the adapter again with use_safetensors=True`
        : say`${field('method.init')}: ${label} has no ${HUB_WEIGHTS}; choose a folder that has one`,
      { where: 'method.init' },
    );
  }
  const name = saved['name'];
  const tensors = new Map<string, Initializer>();
  for (const [key, tensor] of read.tensors) {
    // The library writes what all layers share of a prefix once more for each layer.
    if (key.includes('.prefix_tuning.pool.')) continue;
    const own =
      typeof name === 'string'
        ? key
            .replace(`.adapters.${name}.`, `.adapters.${ADAPTER_NAME}.`)
            .replace(`.prefix_tunings.${name}.`, `.prefix_tunings.${ADAPTER_NAME}.`)
            .replace(`.prefix_gates.${name}.`, `.prefix_gates.${ADAPTER_NAME}.`)
            .replace(`.loras.${name}.`, `.loras.${ADAPTER_NAME}.`)
            .replace(`shared_parameters.${name}.`, `shared_parameters.${ADAPTER_NAME}.`)
        : key;
    tensors.set(own, tensor);
  }
  const head = await readHubHead(folder, label);
  for (const [key, tensor] of head) tensors.set(key, tensor);
  return { tensors, metadata: read.metadata, head: head.size > 0 };
}

/** Tensors of the head that a folder brings; none where it brings none. */
export async function readHubHead(
  folder: ReadableFolder,
  label: string,
): Promise<ReadonlyMap<string, Initializer>> {
  return (await openWeights(folder, HUB_HEAD, `${label}/${HUB_HEAD}`))?.tensors ?? new Map();
}
