/** How many numbers a method trains as a law and as this model's own numbers: `2·h·m + m + h`, `16 × 128·64 + …`. */
import type { MethodType } from '../../deltas/defaults.ts';
import type { ModelTree } from '../../protocol/tree.ts';

/**
 * Numbers of one place, or of the model where there is but one: h is the model's width, f feed-forward's, in and out a
 * matrix's sides, r a rank, m a bottleneck, P virtual tokens, n Kronecker factors, d a dimension. `encoder` stands for
 * what an encoder of virtual tokens has.
 */
export const LAWS: Readonly<Record<MethodType, string>> = {
  full: 'in·out',
  head: 'in·out + out',
  lora: 'r·(in + out)',
  vera: 'r + out',
  adalora: 'r·(in + out + 1)',
  loha: '2·r·(in + out)',
  lokr: 'a·b + r·(in/a + out/b)',
  said: 'd',
  ipt: 'd',
  prompt: 'P·h',
  ptuning: 'P·h + encoder',
  multitaskPrompt: 'P·h + r·(P + h)',
  prefix: '2·P·h',
  adapter: '2·h·m + m + h',
  compacter: 'n³ + 3·(h + m)',
  mam: 'P·h + encoder | 2·h·m + m + h',
  unipelt: 'P·h + encoder | 2·h·m + m + h | r·(in + out) | h + 1',
  fusion: '3·h² + 2·h',
  bitfit: 'out',
  layernorm: '2·h',
  ia3: 'out | in',
  lastLayer: '4·h² + 2·h·f + 9·h + f',
  selective: 'in·out + out',
  sparse: 'r·(in + out)',
  mask: 'in·out',
  diffPruning: '2·in·out',
};

export interface CountedMethod {
  /** `16 × 128·8 + 2`, the largest part first. */
  terms: string;
  /** What they come to: all that trains but the head. */
  sum: number;
  /** Modules that it is at; one where it stands for the whole model. */
  places: number;
  /** Numbers of the head, which trains beside. */
  head: number;
}

/** Parts that are written out; the rest is one number. */
const MOST_TERMS = 4;

/** What a run trains of this model and adds to it; null where the run is unknown. */
export function countMethod(tree: ModelTree, run: string): CountedMethod | null {
  const found = tree.runs.find((one) => one.run === run);
  if (found === undefined) return null;
  const own = found.trained.map((index) => tree.parameters[index]);
  const heads = own.filter(({ head }) => head === true);
  const beside = [
    ...found.added.map(({ module, shape }) => ({ module, shape })),
    ...own.filter(({ head }) => head !== true).map(placed),
  ];
  // Where nothing else trains the head is what is counted.
  const tensors = beside.length > 0 ? beside : heads.map(placed);
  if (tensors.length === 0) return null;
  const groups = new Map<string, { count: number; size: number }>();
  for (const { shape } of tensors) {
    const sides = shape.filter((side) => side !== 1).toSorted((a, b) => b - a);
    const product = sides.length === 0 ? '1' : sides.join('·');
    const group = groups.get(product) ?? { count: 0, size: size(shape) };
    groups.set(product, { ...group, count: group.count + 1 });
  }
  const sorted = [...groups].toSorted(([, a], [, b]) => b.count * b.size - a.count * a.size);
  const shown = sorted.length <= MOST_TERMS ? sorted : sorted.slice(0, MOST_TERMS - 1);
  const rest = sorted.slice(shown.length).reduce((sum, [, { count, size: each }]) => sum + count * each, 0);
  const terms = shown.map(([product, { count }]) => (count === 1 ? product : `${count} × ${product}`));
  const sum = tensors.reduce((total, { shape }) => total + size(shape), 0);
  return {
    terms: [...terms, ...(rest === 0 ? [] : [String(rest)])].join(' + '),
    sum,
    places: Math.max(1, new Set(tensors.flatMap(({ module }) => (module === '' ? [] : [module]))).size),
    head: beside.length > 0 ? heads.reduce((total, { shape }) => total + size(shape), 0) : 0,
  };
}

/** A parameter by the module that it is of. */
const placed = ({ name, shape }: { name: string; shape: readonly number[] }) => ({
  module: name.replace(/\.[^.]*$/, ''),
  shape,
});

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
