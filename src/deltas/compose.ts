/**
 * Several methods at once: each rewrites what the ones before it left, the untouched model's roles naming
 * the places throughout (`moved` says what stands for a value now). No tensor may belong to two of them.
 */
import { StudioError } from '../errors.ts';
import { field, say, withFields } from '../sentence.ts';
import type { Delta, DeltaModel, TensorRate } from './delta.ts';
import { attachDelta } from './registry.ts';
import type { MethodOptions } from './registry.ts';
import { joinRules, type RunLength } from './rules.ts';

/** Methods attached together. `parts` are in the order given; each has its own tensors and file names. */
export interface Composition extends Delta {
  parts: Delta[];
}

/**
 * @param length of the run, for methods that do something at a step; absent where nothing trains
 * @param methods one or more; a single one comes back as its own composition
 * @throws StudioError('spec') naming the tensor and the two methods that both train it
 */
export function attachAll(
  model: DeltaModel,
  methods: readonly MethodOptions[],
  seed: number,
  length?: RunLength,
): Composition {
  const parts: Delta[] = [];
  const owners = new Map<string, string>();
  let current: DeltaModel = model;
  for (const [i, options] of methods.entries()) {
    const part =
      methods.length === 1
        ? attachDelta(current, options, seed, length)
        : attachNth(current, options, seed, i, length);
    for (const name of [...part.tensors.map((tensor) => tensor.name), ...part.unfrozen])
      claim(owners, name, part);
    parts.push(part);
    current = { ...current, graph: part.graph, moved: part.moved };
  }
  const last = parts.at(-1);
  if (!last)
    throw new StudioError('spec', say`${field('method')}: got an empty list; name at least one method.`, {
      where: 'method',
    });
  if (parts.length === 1) return { ...last, parts };
  return {
    type: parts.map(({ type }) => type).join('+'),
    graph: last.graph,
    tensors: parts.flatMap(({ tensors }) => tensors),
    given: parts.flatMap(({ given }) => given ?? []),
    unfrozen: parts.flatMap(({ unfrozen }) => unfrozen),
    baked: parts.flatMap(({ baked }) => baked ?? []),
    folds: parts.flatMap(({ folds }) => folds ?? []),
    virtualTokens: parts.reduce((n, { virtualTokens }) => n + virtualTokens, 0),
    filePrefix: '',
    moved: last.moved,
    detached: parts.flatMap(({ detached }) => detached ?? []),
    rateOf: (name, shape) => rateOf(parts, name, shape),
    training: joinRules(parts.map(({ training }) => training)),
    peftConfig: null,
    parts,
  };
}

/** Messages name the method of the list: `method[1].rank`. */
function attachNth(
  model: DeltaModel,
  options: MethodOptions,
  seed: number,
  index: number,
  length: RunLength | undefined,
): Delta {
  try {
    return attachDelta(model, options, seed, length);
  } catch (error) {
    throw relocated(error, 'method', `method[${index}]`);
  }
}

/** The same error about a field that stands elsewhere in the spec; other errors as they are. */
export function relocated(error: unknown, from: string, to: string): unknown {
  if (!(error instanceof StudioError) || error.where?.startsWith(from) !== true) return error;
  const moved = (path: string): string => (path.startsWith(from) ? to + path.slice(from.length) : path);
  const sentence = withFields(error.sentence, (path, of) => field(moved(path), of));
  return new StudioError(error.code, sentence, { where: moved(error.where), cause: error });
}

function claim(owners: Map<string, string>, name: string, part: Delta): void {
  const owner = owners.get(name);
  if (owner !== undefined)
    throw new StudioError(
      'spec',
      say`${field('method')}: "${owner}" and "${part.type}" both train "${name}"; leave one of them out or give them different targets.`,
      { where: 'method' },
    );
  owners.set(name, part.type);
}

/** The rate the owning method gives a tensor; the head learns at the plain rate. */
function rateOf(parts: readonly Delta[], name: string, shape: readonly number[]): TensorRate {
  const owner = parts.find(
    ({ tensors, unfrozen }) => unfrozen.includes(name) || tensors.some((tensor) => tensor.name === name),
  );
  return owner?.rateOf?.(name, shape) ?? { scale: 1, decay: true };
}
