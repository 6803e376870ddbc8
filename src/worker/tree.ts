/** What is inside a model, and what each run of a comparison would train of it. */
import { applicability } from '../deltas/catalogue.ts';
import { attachAll } from '../deltas/compose.ts';
import type { MethodType } from '../deltas/defaults.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import { elementCount } from '../graph/tensor.ts';
import type { ModelTree, TreeRun } from '../protocol/tree.ts';
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
    })),
    linears: linears.filter(({ weight }) => !head.has(weight)).map(({ role, module }) => ({ role, module })),
    runs: runs.flatMap((run) => describeRun(model, names, run)),
    obstacles: knownObstacles(model),
  };
}

/** Nothing for a run that cannot be: the forecast says why. */
function describeRun(model: DeltaModel, names: readonly string[], { key, spec }: ComparisonRun): TreeRun[] {
  if (spec.method === undefined) return [];
  try {
    const delta = attachAll(model, methodList(spec.method), spec.training.seed);
    const own = new Set([...delta.unfrozen, ...model.head]);
    const modules = model.roles.linears.filter(({ role, module }) =>
      delta.tensors.some(({ name }) => name.includes(`.${module}.`) || name.includes(`.${role}.`)),
    );
    return [
      {
        run: key,
        method: runMethod(spec),
        trained: names.flatMap((name, i) => (own.has(name) ? [i] : [])),
        added: delta.tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0),
        places: [...new Set(modules.map(({ module }) => module))],
      },
    ];
  } catch (error) {
    if (error instanceof StudioError) return [];
    throw error;
  }
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
