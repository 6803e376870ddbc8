/**
 * Several LoRAs of one base model as one, in PEFT's layout. The weights of the sum stand in the factors: of weight w
 * and scale s each factor takes √|w·s|, A the sign (PEFT's `add_weighted_adapter`), so the result has scale 1. `svd`
 * sums the changes w·s·B·A themselves and keeps the best product of the rank wanted; `lorahub` gives each factor the
 * whole weight (lorahub.ts finds it).
 */
import { floatInitializer, floatsOf } from '../../graph/tensor.ts';
import { writeSafetensors } from '../../onnx/safetensors.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { transpose } from '../adapter-layout.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, BASE_HASH, type SavedFile } from '../adapter-names.ts';
import { combine, weightedSum, type Combination } from './combine.ts';
import { refused, type LoraFactors, type LoraFolder } from './lora-folder.ts';
import { lowRank, relativeError, type LowRank } from './low-rank.ts';

export interface MergeOptions {
  how: Combination | 'svd' | 'lorahub';
  /** One for each adapter. */
  weights: readonly number[];
  density: number;
  seed: number;
  /** Of `svd`: the largest of the adapters' where it is left out. */
  rank?: number;
}

export interface Merged {
  files: SavedFile[];
  /** Ranks by module, one number where all are alike; what the method of a run says then. */
  rank: number;
  ranks: ReadonlyMap<string, number>;
  /** Of `svd`: what the rank leaves out, by module and as a whole; null where nothing is left out. */
  error: { whole: number; modules: Record<string, number> } | null;
}

/**
 * @param adapters two or more
 * @throws StudioError('adapter-file') where bases, modules, shapes, ranks or heads differ
 */
export function mergeLoras(adapters: readonly LoraFolder[], options: MergeOptions): Merged {
  for (const other of adapters.slice(1)) checkAlike(adapters[0], other, options.how);
  const [first] = adapters;
  const factors = new Map<string, LoraFactors>();
  const errors = new Map<string, LowRank>();
  for (const [i, path] of [...first.modules.keys()].entries()) {
    const parts = adapters.map(({ modules }) => modules.get(path)!);
    if (options.how === 'svd') {
      const { factors: made, part } = bySingularValues(parts, options, moduleOf(path));
      factors.set(path, made);
      errors.set(path, part);
    } else if (options.how === 'lorahub') factors.set(path, byHub(parts, options.weights));
    else factors.set(path, byFactors(parts, options.how, options, i));
  }
  const ranks = new Map([...factors].map(([path, { rank }]) => [moduleOf(path), rank]));
  const rank = Math.max(...ranks.values());
  return {
    files: filesOf(first, factors, heads(adapters, headWeights(options)), rank, ranks),
    rank,
    ranks,
    error:
      errors.size === 0
        ? null
        : {
            whole: relativeError([...errors.values()]),
            modules: Object.fromEntries(
              [...errors].map(([path, part]) => [moduleOf(path), relativeError([part])]),
            ),
          },
  };
}

const moduleOf = (path: string): string => path.replace(/^base_model\.model\./, '');

/** @throws StudioError('adapter-file') for the first thing in which they differ */
function checkAlike(a: LoraFolder, b: LoraFolder, how: MergeOptions['how']): void {
  const [one, other] = [a, b].map(
    ({ metadata, config }) => metadata[BASE_HASH] ?? config['base_model_name_or_path'],
  );
  if (typeof one === 'string' && typeof other === 'string' && one !== other)
    throw refused(
      b.label,
      say`was trained on another base model (${short(other)}) than ${a.label} (${short(one)})`,
      say`merge adapters of one model`,
    );
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    const lacking = [...from.modules.keys()].find((path) => !to.modules.has(path));
    if (lacking !== undefined)
      throw refused(
        to.label,
        say`does not change ${moduleOf(lacking)}, which ${from.label} does`,
        say`train both with the same targets`,
      );
  }
  for (const [path, one] of a.modules) {
    const two = b.modules.get(path)!;
    if (one.inFeatures !== two.inFeatures || one.outFeatures !== two.outFeatures)
      throw refused(
        b.label,
        say`has ${moduleOf(path)} with ${two.inFeatures} inputs and ${two.outFeatures} outputs where ${a.label} has ${one.inFeatures} and ${one.outFeatures}`,
        say`merge adapters of one model`,
      );
    if (how !== 'svd' && one.rank !== two.rank)
      throw refused(
        b.label,
        say`has rank ${two.rank} for ${moduleOf(path)} where ${a.label} has ${one.rank}`,
        say`merge them with --how svd, which takes any ranks`,
      );
  }
  const names = new Set([...a.others.keys(), ...b.others.keys()]);
  for (const name of names) {
    const [own, its] = [a, b].map(({ others }) => others.get(name)?.dims.join());
    if (own !== its)
      throw refused(
        b.label,
        say`has another head than ${a.label} (${moduleOf(name)})`,
        say`merge adapters of one task, or of the same classes`,
      );
  }
}

const short = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text);

function byFactors(
  parts: readonly LoraFactors[],
  how: Combination,
  { weights, density, seed }: MergeOptions,
  module: number,
): LoraFactors {
  const scaled = parts.map(({ scale }, i) => weights[i] * scale);
  const roots = scaled.map((weight) => Math.sqrt(Math.abs(weight)));
  const signed = roots.map((root, i) => (scaled[i] < 0 ? -root : root));
  const a = combine(
    how,
    parts.map(({ a: own }) => own),
    signed,
    { density, seed, stream: 2 * module },
  );
  const b = combine(
    how,
    parts.map(({ b: own }) => own),
    roots,
    { density, seed, stream: 2 * module + 1 },
  );
  return { ...parts[0], scale: 1, a, b };
}

/** Each factor counts by its adapter's weight: the products of different adapters' factors are part of the sum. */
function byHub(parts: readonly LoraFactors[], weights: readonly number[]): LoraFactors {
  const scaled = parts.map(({ scale }, i) => weights[i] * Math.sqrt(scale));
  return {
    ...parts[0],
    scale: 1,
    a: weightedSum(
      parts.map(({ a }) => a),
      scaled,
    ),
    b: weightedSum(
      parts.map(({ b }) => b),
      scaled,
    ),
  };
}

/** LoraHub's weights say nothing of heads: these count alike. */
function headWeights({ how, weights }: MergeOptions): readonly number[] {
  return how === 'lorahub' ? weights.map(() => 1) : weights;
}

function bySingularValues(
  parts: readonly LoraFactors[],
  { weights, rank: wanted }: MergeOptions,
  module: string,
): { factors: LoraFactors; part: LowRank } {
  const { inFeatures, outFeatures } = parts[0];
  const rank = wanted ?? Math.max(...parts.map((part) => part.rank));
  const most = Math.min(inFeatures, outFeatures);
  if (rank > most)
    throw new StudioError(
      'spec',
      say`--rank: got ${rank}, and ${module} is a matrix of ${inFeatures} by ${outFeatures}; choose at most ${most}.`,
      { where: 'rank' },
    );
  const change = new Float32Array(inFeatures * outFeatures);
  for (const [i, { a, b, rank: own, scale }] of parts.entries())
    for (let r = 0; r < own; r++)
      for (let column = 0; column < inFeatures; column++) {
        const factor = weights[i] * scale * a[r * inFeatures + column];
        for (let row = 0; row < outFeatures; row++)
          change[column * outFeatures + row] += factor * b[row * own + r];
      }
  const part = lowRank(change, inFeatures, outFeatures, rank);
  const a = transpose(part.a, inFeatures, rank);
  const b = transpose(part.b, rank, outFeatures);
  return { factors: { rank, scale: 1, inFeatures, outFeatures, a, b }, part };
}

/** A head has no factors: its tensors are the weighted mean. */
function heads(
  adapters: readonly LoraFolder[],
  weights: readonly number[],
): Map<string, [number[], Float32Array]> {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => (sum === 0 ? 1 / weights.length : weight / sum));
  return new Map(
    [...adapters[0].others].map(([name, { dims }]) => {
      const tensors = adapters.map(({ others }) => floatsOf(others.get(name)!));
      return [name, [[...dims], weightedSum(tensors, shares)]];
    }),
  );
}

function filesOf(
  { config, metadata }: LoraFolder,
  factors: ReadonlyMap<string, LoraFactors>,
  others: ReadonlyMap<string, [number[], Float32Array]>,
  rank: number,
  ranks: ReadonlyMap<string, number>,
): SavedFile[] {
  const uneven = Object.fromEntries([...ranks].filter(([, own]) => own !== rank));
  // With alpha equal to the rank everywhere the factors are taken as they are.
  const merged = {
    ...config,
    r: rank,
    lora_alpha: rank,
    use_rslora: false,
    lora_dropout: 0,
    rank_pattern: uneven,
    alpha_pattern: uneven,
  };
  const tensors = [
    ...[...factors].flatMap(([path, { rank: own, inFeatures, outFeatures, a, b }]) => [
      floatInitializer(`${path}.lora_A.weight`, [own, inFeatures], a),
      floatInitializer(`${path}.lora_B.weight`, [outFeatures, own], b),
    ]),
    ...[...others].map(([name, [dims, values]]) => floatInitializer(name, dims, values)),
  ];
  return [
    { name: ADAPTER_CONFIG, bytes: new TextEncoder().encode(`${JSON.stringify(merged, null, 2)}\n`) },
    { name: ADAPTER_WEIGHTS, bytes: writeSafetensors(tensors, { format: 'pt', ...metadata }) },
  ];
}
