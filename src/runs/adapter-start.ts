/**
 * A run that starts from a saved LoRA goes on with the mathematics it was saved with: ranks and alphas of single
 * modules, and how the base weight was split (PiSSA, OLoRA). A spec need not repeat these; where it gives its own,
 * `loadAdapter` holds them to the adapter's.
 */
import { LORA_DEFAULTS } from '../deltas/defaults.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { matchTargets } from '../deltas/targets.ts';
import type { ModelFiles } from '../models/files.ts';
import { describeFolder } from './adapter-layouts.ts';
import { openFused } from './fusion-adapters.ts';
import { splitStart, unreadField } from './peft-fields.ts';
import { unreadable } from './unreadable-field.ts';
import { patternTable, valuesIn } from './peft-patterns.ts';
import { startOfIpt } from './source-prompts.ts';
import type { MethodInput } from './spec-method.ts';

type OpenFolder = (path: string) => Pick<ModelFiles, 'read'>;
type Method = MethodInput | MethodInput[];

/** Where methods stand in a spec, as it is written or completed. */
interface Methods {
  method?: Method;
  /** As written, a stage may be its method alone. */
  stages?: readonly (Method | { method: Method })[];
  compare?: readonly { method?: Method; stages?: Methods['stages'] }[];
}

/**
 * The spec with what its saved starts say; the adapters that fusions are built of are opened for the model.
 * @param model whose linears the patterns of the adapters name
 * @param open opens the folder that `method.init` names
 * @throws StudioError('adapter-file') for an adapter whose mathematics are not here
 */
export async function withSavedStarts<Spec extends Methods>(
  spec: Spec,
  model: DeltaModel,
  open: OpenFolder,
): Promise<Spec> {
  await openFused(methodsOf(spec), model, open);
  const one = async (method: Method): Promise<Method> =>
    Array.isArray(method)
      ? Promise.all(method.map((part) => startOf(part, model, open)))
      : startOf(method, model, open);
  const list = (entries: readonly (Method | { method: Method })[]) =>
    Promise.all(
      entries.map(async (entry) =>
        'method' in entry ? { ...entry, method: await one(entry.method) } : one(entry),
      ),
    );
  return {
    ...spec,
    ...(spec.method && { method: await one(spec.method) }),
    ...(spec.stages && { stages: await list(spec.stages) }),
    ...(spec.compare && {
      compare: await Promise.all(
        spec.compare.map(async (entry) => ({
          ...entry,
          ...(entry.method && { method: await one(entry.method) }),
          ...(entry.stages && { stages: await list(entry.stages) }),
        })),
      ),
    }),
  };
}

/** Every method that a spec names. */
function methodsOf({ method, stages = [], compare = [] }: Methods): MethodInput[] {
  const own = [
    ...(method === undefined ? [] : [method]),
    ...stages.map((entry) => ('method' in entry ? entry.method : entry)),
  ].flat();
  return [...own, ...compare.flatMap(methodsOf)];
}

async function startOf(method: MethodInput, model: DeltaModel, open: OpenFolder): Promise<MethodInput> {
  if (method.type === 'ipt') return startOfIpt(method, open);
  // Of several prompts none says more than its rows.
  if (typeof method.init !== 'string') return method;
  if (method.type === 'sparse') return startOfSparse(method, method.init, open);
  if (method.type !== 'lora') return method;
  const about = await describeFolder(open(method.init), method.init);
  if (about?.layout !== 'peft' || about.config['peft_type'] !== 'LORA') return method;
  const { config, where } = about;
  const unread = unreadField(config);
  if (unread !== null) throw unreadable(where, unread);
  const sites = matchTargets(model, method.targets ?? LORA_DEFAULTS.targets);
  const byRole = (field: string): Record<string, number> | undefined => {
    const valueOf = valuesIn(patternTable(config[field], field, where), field, where);
    const found = sites.flatMap(({ role, module }) => {
      const value = valueOf(module);
      return value === undefined ? [] : [[role, value] as const];
    });
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  };
  const rankPattern = method.rankPattern ?? byRole('rank_pattern');
  const alphaPattern = method.alphaPattern ?? byRole('alpha_pattern');
  const initialization = splitStart(config);
  return {
    ...method,
    ...(rankPattern && { rankPattern }),
    ...(alphaPattern && { alphaPattern }),
    ...(initialization && (method.initialization ?? 'default') === 'default' && { initialization }),
  };
}

/** Entries lie where the saved adapter's do. */
async function startOfSparse(
  method: Extract<MethodInput, { type: 'sparse' }>,
  init: string,
  open: OpenFolder,
): Promise<MethodInput> {
  const about = await describeFolder(open(init), init);
  if (about?.layout !== 'peft' || about.config['peft_type'] !== 'SHIRA') return method;
  const unread = unreadField(about.config);
  if (unread !== null) throw unreadable(about.where, unread);
  return { ...method, maskSeed: method.maskSeed ?? Number(about.config['random_seed']) };
}
