/** What is inside a model, and what each run of a comparison would train of it. */
import { applicability } from '../deltas/catalogue.ts';
import { attachAll } from '../deltas/compose.ts';
import type { MethodType } from '../deltas/defaults.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import { StudioError } from '../errors.ts';
import type { ModelTree, TreeAddition, TreeRun } from '../protocol/tree.ts';
import { methodList } from '../runs/spec-method.ts';
import { runMethod, type ComparisonRun } from '../runs/spec.ts';

const obstaclesOf = new WeakMap<DeltaModel, ModelTree['obstacles']>();

export function describeTree(model: DeltaModel, runs: readonly ComparisonRun[]): ModelTree {
  const roles = new Map<string, string>();
  const { linears, norms, embeddings } = model.roles;
  for (const site of [...linears, ...norms]) {
    if (!roles.has(site.weight)) roles.set(site.weight, site.role);
    if (site.bias !== undefined && !roles.has(site.bias)) roles.set(site.bias, site.role);
  }
  for (const { weight, role } of embeddings) roles.set(weight, role);
  const names = [...model.parameters.keys()];
  const head = new Set(model.head);
  return {
    parameters: names.map((name) => ({
      name,
      shape: [...model.parameters.get(name)!.dims],
      role: roles.get(name) ?? (head.has(name) ? 'head' : null),
      ...(head.has(name) && { head: true }),
    })),
    linears: linears.filter(({ weight }) => !head.has(weight)).map(({ role, module }) => ({ role, module })),
    runs: runs.flatMap((run) => describeRun(model, names, run)),
    obstacles: knownObstacles(model),
    traits: rateTraits(model),
  };
}

/** Nothing for a run that cannot be: the forecast says why. */
function describeRun(model: DeltaModel, names: readonly string[], { key, spec }: ComparisonRun): TreeRun[] {
  if (spec.method === undefined) return [];
  try {
    const delta = attachAll(model, methodList(spec.method), spec.training.seed);
    const own = new Set([...delta.unfrozen, ...model.head]);
    return [
      {
        run: key,
        method: runMethod(spec),
        trained: names.flatMap((name, i) => (own.has(name) ? [i] : [])),
        added: delta.tensors.map(({ name, dims }) => ({ ...placeOf(model, name), shape: [...dims] })),
      },
    ];
  } catch (error) {
    if (error instanceof StudioError) return [];
    throw error;
  }
}

/**
 * Where an added tensor stands. Names are `delta.<method>.<site>.<part>` with a module or a parameter for the site, but
 * for prefixes, which stand in an attention, virtual tokens, which stand before the embedded text, and what all places
 * of a method share. A method of one tensor a site has no part.
 */
function placeOf(model: DeltaModel, name: string): Pick<TreeAddition, 'module' | 'name'> {
  const [, method, ...rest] = name.split('.');
  for (let length = rest.length; length > 0; length--) {
    const site = rest.slice(0, length).join('.');
    const part = partName(method, rest.slice(length));
    if (model.roles.linears.some(({ module }) => module === site)) return { module: site, name: part };
    if (model.parameters.has(site)) return { module: site.replace(/\.[^.]*$/, ''), name: part };
  }
  return { module: placeWithoutModule(model, method, rest), name: partName(method, rest) };
}

/** `adapter.down.weight`, and `lora_A`, which says itself whose it is. */
function partName(method: string, part: readonly string[]): string {
  const name = part.join('.');
  if (name === '') return method;
  return name.startsWith(`${method}_`) ? name : `${method}.${name}`;
}

function placeWithoutModule({ roles }: DeltaModel, method: string, rest: readonly string[]): string {
  // One vector for all weights, and factors that all adapters have.
  if (method === 'said' || method === 'compacter') return '';
  if (method !== 'prefix' && rest[0] !== 'prefix')
    return roles.embeddings.find(({ role }) => role === 'embeddings.word')?.module ?? '';
  // `3.key`, or `decoder.3.cross.value`: beside what computes the keys or the values there.
  const place = rest.slice(0, -1).join('.');
  const part = rest.at(-1) === 'key' ? 'k' : 'v';
  const wanted = [`${place}.${part}`, `encoder.${place}.self.${part}`];
  return roles.linears.find(({ role }) => wanted.includes(role))?.module ?? '';
}

function knownObstacles(model: DeltaModel): ModelTree['obstacles'] {
  const known = obstaclesOf.get(model);
  if (known) return known;
  const entries = Object.entries(applicability(model)).map(([type, obstacle]) => [
    type as MethodType,
    obstacle?.message ?? null,
  ]);
  const found = Object.fromEntries(entries) as ModelTree['obstacles'];
  obstaclesOf.set(model, found);
  return found;
}
