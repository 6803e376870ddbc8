/** A saved LoRA taken apart into its factors by module. What does more than add s·B·A is refused by its field. */
import type { Initializer } from '../../graph/source.ts';
import { floatsOf } from '../../graph/tensor.ts';
import { StudioError } from '../../errors.ts';
import type { ReadableFolder } from '../../models/files.ts';
import { readTorchFile } from '../../onnx/torch-file.ts';
import { say, type Sentence } from '../../sentence.ts';
import { describeFolder, LAYOUT_NAMES } from '../adapter-layouts.ts';
import { ADAPTER_WEIGHTS, PICKLED_WEIGHTS } from '../adapter-names.ts';
import { splitStart, unreadField, withPeftDefaults } from '../peft-fields.ts';
import { patternTable, valuesIn } from '../peft-patterns.ts';
import { openWeights } from '../weights-file.ts';

export interface LoraFactors {
  rank: number;
  /** What B·A is multiplied by. */
  scale: number;
  inFeatures: number;
  outFeatures: number;
  /** [rank, in], row-major, as PEFT stores it. */
  a: Float32Array;
  /** [out, rank] */
  b: Float32Array;
}

export interface LoraFolder {
  label: string;
  config: Record<string, unknown>;
  /** By what stands before `.lora_A.weight`. */
  modules: ReadonlyMap<string, LoraFactors>;
  /** All other tensors: a head that was trained along. */
  others: ReadonlyMap<string, Initializer>;
  metadata: Readonly<Record<string, string>>;
}

const FACTOR = /^(.+)\.lora_([AB])(?:\.weight)?$/;

/** @throws StudioError('adapter-file') for what is no LoRA, or does more than one */
export async function readLora(folder: ReadableFolder, label: string): Promise<LoraFolder> {
  const about = await describeFolder(folder, label);
  if (about === null)
    throw refused(label, say`holds no adapter`, say`give the folder of a run or of a PEFT adapter`);
  const { where } = about;
  const config = withPeftDefaults(about.config);
  if (about.layout !== 'peft' || config['peft_type'] !== 'LORA')
    throw refused(
      where,
      about.layout === 'peft'
        ? say`has peft_type ${JSON.stringify(config['peft_type'] ?? null)}`
        : say`is that of ${LAYOUT_NAMES[about.layout]}`,
      CONVERT,
    );
  checkPlain(config, where);
  const { tensors, metadata, file } = await readWeights(folder, label);
  const rankOf = valuesIn(patternTable(config['rank_pattern'], 'rank_pattern', where), 'rank_pattern', where);
  const alphaOf = valuesIn(
    patternTable(config['alpha_pattern'], 'alpha_pattern', where),
    'alpha_pattern',
    where,
  );
  const pairs = new Map<string, { A?: Initializer; B?: Initializer }>();
  const others = new Map<string, Initializer>();
  for (const [name, tensor] of tensors) {
    const match = FACTOR.exec(name);
    if (match === null) {
      others.set(name, tensor);
      continue;
    }
    const pair = pairs.get(match[1]) ?? {};
    pair[match[2] as 'A' | 'B'] = tensor;
    pairs.set(match[1], pair);
  }
  const modules = new Map<string, LoraFactors>();
  const [generalRank, generalAlpha] = [numberOf(config, 'r', where), numberOf(config, 'lora_alpha', where)];
  for (const [path, { A, B }] of pairs) {
    const module = path.replace(/^base_model\.model\./, '');
    const rank = rankOf(module) ?? generalRank;
    const alpha = alphaOf(module) ?? generalAlpha;
    if (!A || !B || A.dims.length !== 2 || B.dims.length !== 2 || A.dims[0] !== rank || B.dims[1] !== rank)
      throw refused(file, say`has no two factors of rank ${rank} for ${module}`, say`save the adapter again`);
    const scale = alpha / (config['use_rslora'] === true ? Math.sqrt(rank) : rank);
    const [inFeatures, outFeatures] = [A.dims[1], B.dims[0]];
    modules.set(path, { rank, scale, inFeatures, outFeatures, a: floatsOf(A), b: floatsOf(B) });
  }
  if (modules.size === 0) throw refused(file, say`has no factors of a LoRA`, say`save the adapter again`);
  return { label, config, modules, others, metadata };
}

const CONVERT = say`make a LoRA of it first with delta convert`;

/** @throws StudioError('adapter-file') by the field that makes it more than a sum */
function checkPlain(config: Readonly<Record<string, unknown>>, where: string): void {
  if (config['use_dora'] === true)
    throw refused(where, say`has use_dora: true, which is no sum of changes`, CONVERT);
  const start = splitStart(config);
  if (start !== undefined)
    throw refused(
      where,
      say`has init_lora_weights ${JSON.stringify(config['init_lora_weights'])}, whose base weights are others`,
      CONVERT,
    );
  const bias = config['bias'] ?? 'none';
  if (bias !== 'none')
    throw refused(
      where,
      say`has bias ${JSON.stringify(bias)}, and biases have no factors`,
      say`train with "bias": "none"`,
    );
  const unread = unreadField(config);
  if (unread !== null) throw refused(where, unread, say`merge such adapters in PEFT`);
}

function numberOf(config: Readonly<Record<string, unknown>>, name: string, where: string): number {
  const value = config[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refused(
    where,
    say`has ${name} ${JSON.stringify(value)}, which is no number`,
    say`save the adapter again`,
  );
}

async function readWeights(
  folder: ReadableFolder,
  label: string,
): Promise<{
  tensors: ReadonlyMap<string, Initializer>;
  metadata: Readonly<Record<string, string>>;
  file: string;
}> {
  const file = `${label}/${ADAPTER_WEIGHTS}`;
  const read = await openWeights(folder, ADAPTER_WEIGHTS, file);
  if (read !== undefined) return { ...read, file };
  const pickled = await folder.read(PICKLED_WEIGHTS);
  if (pickled === undefined)
    throw refused(label, say`has no ${ADAPTER_WEIGHTS}`, say`save the adapter again`);
  const old = `${label}/${PICKLED_WEIGHTS}`;
  return { tensors: readTorchFile(pickled, old), metadata: {}, file: old };
}

export function refused(where: string, what: Sentence, remedy: Sentence): StudioError {
  return new StudioError('adapter-file', say`${where} ${what}; ${remedy}.`, { where });
}
