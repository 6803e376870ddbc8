/**
 * Reads a saved adapter as the start of a run (`method.init`): PEFT's folders and our own. Nothing is
 * guessed: a tensor that is missing, left over or of another shape is named, and so is an option of the
 * method that the adapter contradicts.
 */
import { ownNames, type Delta, type FileCode, type FixedTensor } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';
import type { Initializer } from '../graph/source.ts';
import { elementCount, floatInitializer, floatsOf, ownFloats } from '../graph/tensor.ts';
import { headOf } from '../models/classify.ts';
import type { ReadableFolder } from '../models/files.ts';
import { listOf } from '../data/table/error.ts';
import { readTorchFile } from '../onnx/torch-file.ts';
import { checkBase } from './adapter-base.ts';
import { fileDims, unpackTensor, type AdapterTensor } from './adapter-layout.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  BASE_HASH,
  DELTA_FORMAT,
  ENCODER_WEIGHTS,
  MODEL_WEIGHTS,
  PICKLED_WEIGHTS,
} from './adapter-names.ts';
import { withPrunedTriplets } from './adalora-ranks.ts';
import { decodeTensor } from './file-codes.ts';
import { hubMismatch, HUB_WEIGHTS, readHub } from './adapter-hub-files.ts';
import { findFusion, fusionMismatch, FUSION_SETUP, readFusion } from './fusion-files.ts';
import { describeFolder, LAYOUT_NAMES, type Layout } from './adapter-layouts.ts';
import { unreadable } from './unreadable-field.ts';
import { openWeights } from './weights-file.ts';
import { foreignKind, splitStart, unreadField, withPeftDefaults } from './peft-fields.ts';
import { hasPatterns, patternTable, valuesIn } from './peft-patterns.ts';
import type { MethodSpec } from './spec-method.ts';
import { fromSourceTasks, type FromSources } from './source-tasks.ts';
import { savedHead, type TaskHead } from './start-heads.ts';

/** Fields of adapter_config.json that must say what the method says, and the option each belongs to. */
const CHECKED: Readonly<Record<string, string>> = {
  peft_type: 'method.type',
  r: 'method.rank',
  num_ranks: 'method.rank',
  lora_alpha: 'method.alpha',
  use_rslora: 'method.rankStabilized',
  use_dora: 'method.dora',
  num_virtual_tokens: 'method.virtualTokens',
  init_r: 'method.initialRank',
  alpha: 'method.alpha',
  decompose_factor: 'method.factor',
  decompose_both: 'method.decomposeBoth',
  projection_prng_key: 'method.projectionKey',
  random_seed: 'method.maskSeed',
};

/** What a file of our own must say, if it says it. */
export interface Expected {
  /** The base model; `force` takes files of another one too. */
  base?: { hash: string; force: boolean };
  method?: MethodSpec;
  /** Of a run that starts from the adapter: the head of its task, which need not be the adapter's. */
  head?: TaskHead;
}

/**
 * @param folder the adapter's files
 * @param label how messages name the folder
 * @param expected checked where the files say it: those of PEFT know no hash
 * @returns tensors by name, as stored in the graph
 * @throws StudioError('adapter-file') naming the file and the tensor or field that does not fit
 */
export async function loadAdapter(
  folder: ReadableFolder,
  label: string,
  delta: Delta,
  layout: readonly AdapterTensor[],
  expected: Expected = {},
): Promise<Map<string, Float32Array>> {
  const read = await readFolder(folder, label, delta, expected);
  const { metadata, where, head } = read;
  const { tensors, fresh } = startingTensors(read, delta, expected);
  checkBase(metadata[BASE_HASH], expected.base, where);
  const encoder = layout.some(({ file }) => file.apart)
    ? await readEncoder(folder, label, delta, expected.base)
    : null;
  const out = new Map<string, Float32Array>();
  const own = ownNames(delta);
  const freshHead = expected.head !== undefined && savedHead(tensors, expected.head) !== 'taken';
  const headNames = new Set(expected.head?.tensors.map(({ name }) => name));
  // An encoder that trains on gives its rows itself.
  const used = new Set((delta.baked ?? []).map((tensor) => tensor.file.name));
  for (const tensor of layout) {
    if (tensor.file.unsaved || (freshHead && headNames.has(tensor.name))) continue;
    if (fresh.includes(tensor.file.name)) continue;
    if (tensor.file.code) {
      const decoded = fromCode(tensor, tensor.file.code, tensors, where);
      for (const name of decoded.used) used.add(name);
      out.set(tensor.name, decoded.values);
      continue;
    }
    const name = savedName(tensors, tensor.file.name);
    const found = (tensor.file.apart ? encoder! : tensors).get(name);
    used.add(name);
    if (found !== undefined) out.set(tensor.name, fromFile(tensor, found, where));
    // Full fine-tuning may start from a head alone: the other weights are the model's.
    else if (delta.type !== 'full' && tensor.optional !== true && (head || own.has(tensor.name)))
      throw lostBias(delta, tensor, tensors, where) ?? misfit(where, say`has no tensor ${tensor.file.name}`);
  }
  for (const own of delta.fixed ?? []) {
    used.add(own.file);
    checkFixed(own, tensors.get(own.file), where);
  }
  if (freshHead) for (const name of headOf(tensors.keys())) used.add(name);
  const left = [...tensors.keys()].filter((name) => !used.has(name));
  if (left.length > 0) {
    throw misfit(
      where,
      left.length > 1
        ? say`has the tensor ${left[0]} (and ${left.length - 1} more), which this method on this model does not train`
        : say`has the tensor ${left[0]}, which this method on this model does not train`,
    );
  }
  return out;
}

/**
 * Tensors of a file beside an adapter's own: the head of one task.
 * @throws StudioError('adapter-file') naming the file, and the tensor that is missing or of another shape
 */
export async function loadTensors(
  folder: ReadableFolder,
  label: string,
  file: string,
  layout: readonly AdapterTensor[],
  base: Expected['base'],
): Promise<Map<string, Float32Array>> {
  const where = `${label}/${file}`;
  const read = await openWeights(folder, file, where);
  if (read === undefined)
    throw new StudioError('adapter-file', say`${label} has no ${file}; train again`, { where });
  const { tensors, metadata } = read;
  checkBase(metadata[BASE_HASH], base, where);
  return new Map(
    layout.map((tensor) => {
      const found = tensors.get(tensor.file.name);
      if (found === undefined) throw misfit(where, say`has no tensor ${tensor.file.name}`);
      return [tensor.name, fromFile(tensor, found, where)];
    }),
  );
}

/** What a run that starts from the adapter takes: of a multitask prompt that of its own tasks. */
function startingTensors(
  { tensors, where }: ReadFolder,
  delta: Delta,
  { method, head }: Expected,
): FromSources {
  if (head === undefined || method?.type !== 'multitaskPrompt') return { tensors, fresh: [] };
  const found = fromSourceTasks(tensors, method, Number(delta.peftConfig!['num_tasks']));
  if ('tensors' in found) return found;
  throw new StudioError('adapter-file', say`${where} ${found}.`, { where });
}

/** A tensor that the file keeps in fewer bytes. @throws StudioError('adapter-file') naming it */
function fromCode(
  tensor: AdapterTensor,
  code: FileCode,
  tensors: ReadonlyMap<string, Initializer>,
  where: string,
): { used: string[]; values: Float32Array } {
  const { name } = tensor.file;
  const { used, values, problem } = decodeTensor(code, name, elementCount(tensor.dims), tensors);
  if (problem) throw misfit(where, problem);
  if (!values) throw misfit(where, say`has no tensor ${used.find((part) => !tensors.has(part)) ?? name}`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw misfit(where, say`has ${values[bad]} in ${name}`);
  return { used, values: unpackTensor(tensor, values) };
}

/** Frozen tensors of a file are made here from its settings: those it holds must be the same. */
function checkFixed(
  { file, dims, data, option }: FixedTensor,
  found: Initializer | undefined,
  where: string,
): void {
  if (found === undefined) return;
  if (found.dims.join() !== dims.join())
    throw misfit(
      where,
      say`has ${file} of shape [${found.dims.join(', ')}] where [${dims.join(', ')}] is needed`,
    );
  const values = floatsOf(found);
  const differs = data.findIndex((value, i) => !(Math.abs(values[i] - value) <= 1e-5));
  if (differs >= 0)
    throw misfit(where, say`has ${values[differs]} in ${file} where ${field(option)} gives ${data[differs]}`);
}

/** What only further training needs; files that lack it can start what trains their rows directly. */
async function readEncoder(
  folder: ReadableFolder,
  label: string,
  { type }: Delta,
  base: Expected['base'],
): Promise<ReadonlyMap<string, Initializer>> {
  const where = `${label}/${ENCODER_WEIGHTS}`;
  const read = await openWeights(folder, ENCODER_WEIGHTS, where);
  if (read !== undefined) {
    checkBase(read.metadata[BASE_HASH], base, where);
    return read.tensors;
  }
  const instead = type === 'prefix' ? '"projection": false' : '"type": "prompt"';
  throw new StudioError(
    'adapter-file',
    say`${field('method.init')}: ${label} has no ${ENCODER_WEIGHTS}, only the rows that its encoder gave; train those directly with ${instead}`,
    { where: 'method.init' },
  );
}

function misfit(where: string, what: Sentence): StudioError {
  return new StudioError(
    'adapter-file',
    say`${where} ${what}; start from an adapter of the same method and model`,
    {
      where,
    },
  );
}

interface ReadFolder {
  tensors: ReadonlyMap<string, Initializer>;
  metadata: Readonly<Record<string, string>>;
  /** The weights file, for messages. */
  where: string;
  /** False where the folder brings no head, which then starts fresh. */
  head: boolean;
}

/** Checks the folder's description against the method and reads its weights. */
async function readFolder(
  folder: ReadableFolder,
  label: string,
  delta: Delta,
  { method }: Expected,
): Promise<ReadFolder> {
  const hub = delta.fused ? 'fusion' : delta.hubConfig ? 'adapterHub' : 'own';
  const wanted: Layout = delta.peftConfig ? 'peft' : hub;
  const about = await describeFolder(folder, label);
  // Full fine-tuning may start from what any method left of the model's own weights.
  if (about !== null && about.layout !== wanted && delta.type !== 'full')
    throw misfit(
      about.where,
      say`is that of ${kindOf(about)}, and "${delta.type}" is kept as ${LAYOUT_NAMES[wanted]}`,
    );
  if (wanted === 'fusion') {
    const found = await findFusion(folder, label);
    if (found === null) throw noFile(label, FUSION_SETUP, say`the folder of a fusion`);
    const mismatch = fusionMismatch(delta, found);
    if (mismatch !== null) throw misfit(found.where, say`has ${mismatch}`);
    return readFusion(found, delta);
  }
  if (wanted === 'adapterHub') {
    if (about === null) throw noFile(label, ADAPTER_CONFIG, say`an AdapterHub folder`);
    const mismatch = hubMismatch(delta, about.config);
    if (mismatch !== null) throw misfit(about.where, say`has ${mismatch}`);
    return { ...(await readHub(folder, label, about.config)), where: `${label}/${HUB_WEIGHTS}` };
  }
  if (delta.peftConfig !== null) {
    if (about === null) throw noFile(label, ADAPTER_CONFIG, say`a PEFT adapter folder`);
    checkConfig(about.config, about.where, delta.peftConfig);
  } else if (about !== null && method && delta.type !== 'full')
    checkDeltaConfig(about.config, about.where, method);
  const pruned = about?.config['peft_type'] === 'ADALORA' ? about.config['rank_pattern'] : undefined;
  const whole = (tensors: Map<string, Initializer>, where: string): ReadonlyMap<string, Initializer> => {
    const found = withPrunedTriplets(withoutDuplicates(tensors), pruned);
    if (!(found instanceof Map)) throw misfit(where, found as Sentence);
    return found;
  };
  const file = delta.peftConfig === null ? MODEL_WEIGHTS : ADAPTER_WEIGHTS;
  const where = `${label}/${file}`;
  const read = await openWeights(folder, file, where);
  const pickled = (read ?? delta.peftConfig === null) ? undefined : await folder.read(PICKLED_WEIGHTS);
  if (pickled !== undefined) {
    const old = `${label}/${PICKLED_WEIGHTS}`;
    return { tensors: whole(readTorchFile(pickled, old), old), metadata: {}, where: old, head: true };
  }
  if (read === undefined) throw noFile(label, file, say`a folder that has one`);
  return { tensors: whole(read.tensors, where), metadata: read.metadata, where, head: true };
}

/** `a PEFT adapter (peft_type "IA3")` */
function kindOf({ layout, config }: { layout: Layout; config: Record<string, unknown> }): Sentence {
  if (layout !== 'peft') return LAYOUT_NAMES[layout];
  const type = config['peft_type'];
  if (type === undefined) return say`${LAYOUT_NAMES[layout]} that has no peft_type`;
  return say`${LAYOUT_NAMES[layout]} (peft_type ${JSON.stringify(type)})`;
}

function noFile(label: string, file: string, instead: Sentence): StudioError {
  return new StudioError(
    'adapter-file',
    say`${field('method.init')}: ${label} has no ${file}; choose ${instead}`,
    {
      where: 'method.init',
    },
  );
}

/** Our own `delta_config.json` must say what the method says. */
function checkDeltaConfig(
  config: Readonly<Record<string, unknown>>,
  where: string,
  { init: _init, initForce: _force, initWeights: _weights, initLike: _like, ...method }: MethodSpec,
): void {
  if (config['format'] === undefined) throw misfit(where, say`has no format`);
  if (config['format'] !== DELTA_FORMAT)
    throw misfit(where, say`has format ${JSON.stringify(config['format'])} where ${DELTA_FORMAT} is read`);
  const saved = (config['method'] ?? {}) as Record<string, unknown>;
  if (Array.isArray(saved))
    throw misfit(
      where,
      say`holds several methods, each in its own sub-folder (${listOf(Array.isArray(config['folders']) ? config['folders'].map(String) : [])})`,
    );
  for (const [option, want] of Object.entries(method)) {
    if (JSON.stringify(saved[option]) === JSON.stringify(want)) continue;
    const wanted = say`${field(`method.${option}`)} is ${JSON.stringify(want)}`;
    throw misfit(
      where,
      saved[option] === undefined
        ? say`has no ${option} where ${wanted}`
        : say`has ${JSON.stringify(saved[option])} ${option} where ${wanted}`,
    );
  }
}

/** @throws StudioError('adapter-file') for what the method contradicts, and for mathematics that are not here */
function checkConfig(
  saved: Readonly<Record<string, unknown>>,
  where: string,
  expected: Readonly<Record<string, unknown>>,
): void {
  const whole = withPeftDefaults(saved);
  const foreign = saved['peft_type'] === undefined ? null : foreignKind(saved['peft_type']);
  if (foreign !== null)
    throw new StudioError(
      'adapter-file',
      say`${where} has peft_type ${JSON.stringify(saved['peft_type'])}: ${foreign}; merge it into its base model in PEFT (merge_and_unload), export that, and tune the exported model`,
      { where },
    );
  for (const [name, option] of Object.entries(CHECKED)) {
    const [want, got] = [expected[name], whole[name]];
    if (want === undefined || got === undefined || want === got) continue;
    // Rows are rows, whatever made them.
    if (want === 'PROMPT_TUNING' && got === 'P_TUNING') continue;
    throw misfit(where, contradiction(saved, name, got, option, want));
  }
  if (saved['peft_type'] === 'MULTITASK_PROMPT_TUNING' && saved['num_transformer_submodules'] === 2)
    throw new StudioError(
      'adapter-file',
      say`${where} has num_transformer_submodules 2: PEFT trains it with a second prompt before the decoder's text and writes texts without that, so that nothing gives the answers of both; start from one that was trained with 1`,
      { where },
    );
  const unread = unreadField(saved);
  if (unread !== null) throw unreadable(where, unread);
  if ('bias' in expected && expected['bias'] !== (whole['bias'] ?? 'none') && saved['peft_type'] === 'LORA')
    throw misfit(where, contradiction(saved, 'bias', whole['bias'], 'method.bias', expected['bias']));
  checkPatterns(saved, where, expected);
  if (saved['peft_type'] === 'LORA') checkSplit(saved, where, expected);
  // How PEFT deals a prefix's columns out to the layers hangs on it.
  const [want, got] = [expected, saved].map((config) => config['num_transformer_submodules']);
  if (expected['peft_type'] === 'PREFIX_TUNING' && got !== undefined && want !== got)
    throw misfit(
      where,
      say`has num_transformer_submodules ${JSON.stringify(got)} where this model's prefix has ${JSON.stringify(want)}`,
    );
}

/** From 0.7 on, for a while, PEFT trained the biases of `bias: "lora_only"` and left them out of the file. */
function lostBias(
  delta: Delta,
  { name, file }: AdapterTensor,
  tensors: ReadonlyMap<string, Initializer>,
  where: string,
): StudioError | null {
  if (delta.peftConfig?.['bias'] !== 'lora_only' || !delta.unfrozen.includes(name)) return null;
  if ([...tensors.keys()].some((key) => key.endsWith('.base_layer.bias'))) return null;
  return new StudioError(
    'adapter-file',
    say`${where} was trained with bias "lora_only" and has none of these biases (such as ${file.name}): some versions of PEFT did not save them; save it again with a newer PEFT, or set bias to "none" in its adapter_config.json to go on with the base model's`,
    { where },
  );
}

/** Ranks and alphas of single modules must be the adapter's. */
function checkPatterns(
  saved: Readonly<Record<string, unknown>>,
  where: string,
  expected: Readonly<Record<string, unknown>>,
): void {
  const type = saved['peft_type'];
  if (typeof type !== 'string' || !hasPatterns(type)) return;
  for (const [name, option, general] of [
    ['rank_pattern', 'method.rankPattern', expected['r']],
    ['alpha_pattern', 'method.alphaPattern', expected[type === 'LORA' ? 'lora_alpha' : 'alpha']],
  ] as const) {
    const valueOf = valuesIn(patternTable(saved[name], name, where), name, where);
    const mine = (expected[name] ?? {}) as Readonly<Record<string, number>>;
    for (const module of expected['target_modules'] as readonly string[]) {
      const got = valueOf(module) ?? Number(general);
      const want = mine[module] ?? Number(general);
      if (got !== want)
        throw misfit(where, say`has ${name} ${got} for ${module} where ${field(option)} makes it ${want}`);
    }
  }
}

/** How the base weight was split must be as the adapter had it. */
function checkSplit(
  saved: Readonly<Record<string, unknown>>,
  where: string,
  expected: Readonly<Record<string, unknown>>,
): void {
  const start = splitStart(saved);
  const want = splitStart(expected);
  if (start !== want)
    throw misfit(
      where,
      say`has init_lora_weights ${JSON.stringify(saved['init_lora_weights'] ?? true)} where ${field('method.initialization')} is "${want ?? 'default'}"`,
    );
}

/** A field of the adapter's that an option contradicts. */
function contradiction(
  saved: Readonly<Record<string, unknown>>,
  name: string,
  got: unknown,
  option: string,
  want: unknown,
): Sentence {
  return saved[name] === undefined
    ? say`has no ${name}, which PEFT takes for ${JSON.stringify(got)}, where ${field(option)} is ${JSON.stringify(want)}`
    : say`has ${name} ${JSON.stringify(got)} where ${field(option)} is ${JSON.stringify(want)}`;
}

/** Before 0.7 PEFT kept a target's own bias beside its factors, as `query.bias`. */
function savedName(tensors: ReadonlyMap<string, Initializer>, name: string): string {
  const before = name.replace('.base_layer.', '.');
  return tensors.has(name) || !tensors.has(before) ? name : before;
}

/**
 * PEFT writes a trained head once under its plain name and, with `bias: "all"`, again under
 * `modules_to_save` and `original_module` (of an adapter named `default` since 0.8); the plain one counts.
 */
function withoutDuplicates(tensors: ReadonlyMap<string, Initializer>): Map<string, Initializer> {
  const kept = new Map(tensors);
  for (const name of tensors.keys()) {
    const plain = name.replace(/\.(modules_to_save(\.default)?|original_module)\./, '.');
    if (plain !== name && tensors.has(plain)) kept.delete(name);
  }
  return kept;
}

function fromFile(tensor: AdapterTensor, found: Initializer, where: string): Float32Array {
  const expected = fileDims(tensor);
  const [rows, columns] = expected;
  const doubled = tensor.file.doubled === true && found.dims.join() === [2 * rows, columns].join();
  if (doubled)
    return fromFile(
      { ...tensor, file: { ...tensor.file, doubled: false } },
      floatInitializer(found.name, expected, floatsOf(found).slice(0, rows * columns)),
      where,
    );
  if (found.dims.length !== expected.length || found.dims.some((dim, i) => dim !== expected[i])) {
    throw misfit(
      where,
      say`has ${tensor.file.name} of shape [${found.dims.join(', ')}] where [${expected.join(', ')}] is needed`,
    );
  }
  const values = ownFloats(found);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw misfit(where, say`has ${values[bad]} in ${tensor.file.name}`);
  return unpackTensor(tensor, values);
}
