/**
 * A run that starts from a saved adapter goes on with the mathematics it was saved with: the linears that it goes
 * beside, ranks and alphas of single modules, and how the base weight was split (PiSSA, OLoRA). A spec need not repeat
 * these; where it gives its own, `loadAdapter` holds them to the adapter's.
 */
import { CATALOGUE } from '../deltas/catalogue.ts';
import { IA3_TEXT_TO_TEXT_TARGETS, LORA_DEFAULTS, type MethodType } from '../deltas/defaults.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { matchTargets, targetsOf } from '../deltas/targets.ts';
import type { ReadableFolder } from '../models/files.ts';
import { adapterTensorNames, describeFolder } from './adapter-layouts.ts';
import { openFused } from './fusion-adapters.ts';
import { splitStart, unreadField } from './peft-fields.ts';
import { unreadable } from './unreadable-field.ts';
import { patternTable, valuesIn } from './peft-patterns.ts';
import { startOfIpt } from './source-prompts.ts';
import type { MethodInput } from './spec-method.ts';

type OpenFolder = (path: string) => ReadableFolder;
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

/** Methods that go beside linears, and what PEFT calls them. */
const PEFT_TYPES: Partial<Record<MethodType, string>> = {
  lora: 'LORA',
  adalora: 'ADALORA',
  vera: 'VERA',
  loha: 'LOHA',
  lokr: 'LOKR',
  ia3: 'IA3',
  sparse: 'SHIRA',
};

async function startOf(method: MethodInput, model: DeltaModel, open: OpenFolder): Promise<MethodInput> {
  if (method.type === 'ipt') return startOfIpt(method, open);
  // Of several prompts none says more than its rows.
  if (typeof method.init !== 'string') return method;
  const wanted = PEFT_TYPES[method.type];
  if (wanted === undefined) return method;
  const folder = open(method.init);
  const about = await describeFolder(folder, method.init);
  if (about?.layout !== 'peft' || about.config['peft_type'] !== wanted) return method;
  const { config, where } = about;
  const unread = unreadField(config);
  if (unread !== null) throw unreadable(where, unread);
  const targets = isStandard(method) ? await targetsOfFolder(folder, method.init, model) : undefined;
  const started = { ...method, ...(targets && { targets }) };
  if (started.type === 'sparse')
    return { ...started, maskSeed: started.maskSeed ?? Number(config['random_seed']) };
  if (started.type !== 'lora' && started.type !== 'loha' && started.type !== 'lokr') return started;
  const sites = matchTargets(model, started.targets ?? LORA_DEFAULTS.targets);
  const byRole = (field: string): Record<string, number> | undefined => {
    const valueOf = valuesIn(patternTable(config[field], field, where), field, where);
    const found = sites.flatMap(({ role, module }) => {
      const value = valueOf(module);
      return value === undefined ? [] : [[role, value] as const];
    });
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  };
  const rankPattern = started.rankPattern ?? byRole('rank_pattern');
  const alphaPattern = started.alphaPattern ?? byRole('alpha_pattern');
  const patterned = {
    ...started,
    ...(rankPattern && { rankPattern }),
    ...(alphaPattern && { alphaPattern }),
  };
  if (patterned.type !== 'lora') return patterned;
  const initialization = splitStart(config);
  return {
    ...patterned,
    ...(initialization && (patterned.initialization ?? 'default') === 'default' && { initialization }),
  };
}

/** Are its targets those of a spec that names none? */
function isStandard(method: MethodInput): boolean {
  const targets = 'targets' in method ? method.targets : undefined;
  const standard = [CATALOGUE[method.type].options.find(({ kind }) => kind === 'targets')?.default];
  if (method.type === 'ia3') standard.push(IA3_TEXT_TO_TEXT_TARGETS);
  return targets === undefined || standard.some((one) => JSON.stringify(one) === JSON.stringify(targets));
}

/**
 * The linears that an adapter was trained beside, however its description chose them (`target_modules` as a list or an
 * expression, `layers_to_transform`, `exclude_modules`): those that its tensors name.
 */
async function targetsOfFolder(
  folder: ReadableFolder,
  label: string,
  { roles, head }: DeltaModel,
): Promise<string[] | undefined> {
  const names = await adapterTensorNames(folder, label);
  const modules = names.flatMap((name) => ADAPTED.exec(name)?.[1] ?? []);
  const linears = roles.linears.filter(({ weight }) => !head.includes(weight));
  const known = new Set(linears.map(({ module }) => module));
  const found = new Set(modules.filter((module) => known.has(module)));
  return found.size > 0 ? targetsOf(linears, found) : undefined;
}

/** A tensor that goes with a module, by PEFT's names. */
const ADAPTED = /^base_model\.model\.(.+)\.(?:lora_|vera_lambda_|hada_w|lokr_w|ia3_l|shira_)/;
