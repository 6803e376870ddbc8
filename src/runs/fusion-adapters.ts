/**
 * Trained adapters that a fusion is built of: read from the folders that `method.adapters` names, and once more from
 * the folder of a fusion, which holds them too.
 */
import { adapter } from '../deltas/adapter.ts';
import { ADAPTER_NAME, hubShape } from '../deltas/adapter-hub.ts';
import { relocated } from '../deltas/compose.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import type { OpenedAdapter } from '../deltas/opened-adapter.ts';
import { StudioError } from '../errors.ts';
import { NO_FILES, type ReadableFolder } from '../models/files.ts';
import { field, say, type Sentence } from '../sentence.ts';
import { adapterLayout } from './adapter-layout.ts';
import { describeFolder, LAYOUT_NAMES } from './adapter-layouts.ts';
import { loadAdapter } from './adapter-load.ts';
import { findFusion, inside } from './fusion-files.ts';
import type { MethodInput } from './spec-method.ts';

type Folder = ReadableFolder;

/**
 * Opens the adapters that fusions are built of and keeps them with the model. One that cannot be had is kept as the
 * reason, which its method gives when it is attached.
 * @param open opens the folder of a name; `NO_FILES` for one that is not at hand, which stays as it was
 */
export async function openFused(
  methods: readonly MethodInput[],
  model: DeltaModel,
  open: (path: string) => Folder,
): Promise<void> {
  for (const method of methods) {
    if (method.type !== 'fusion') continue;
    for (const [i, folder] of (method.adapters ?? []).entries()) {
      const files = open(folder);
      if (files === NO_FILES) continue;
      model.adapters?.set(folder, await opened(files, folder, model, i, method.initForce ?? false));
    }
  }
}

/**
 * Opens those that nobody opened before.
 * @param open undefined where no folders can be opened; one that it throws for is refused where it is used
 */
export function openMissing(
  methods: readonly MethodInput[],
  model: DeltaModel,
  open: ((path: string) => Folder) | undefined,
): Promise<void> {
  return openFused(methods, model, (folder) => {
    if (open === undefined || model.adapters?.has(folder) === true) return NO_FILES;
    try {
      return open(folder);
    } catch (error) {
      if (error instanceof StudioError) return NO_FILES;
      throw error;
    }
  });
}

/** The same from the folder of a fusion, whose own adapters stand for those that the method names. */
export async function openFusedOf(
  method: MethodInput,
  model: DeltaModel,
  folder: Folder,
  label: string,
): Promise<void> {
  if (method.type !== 'fusion') return;
  const found = await findFusion(folder, label);
  for (const [i, path] of (method.adapters ?? []).entries()) {
    const name = found?.names[i];
    if (name === undefined) continue;
    const files = inside(folder, name);
    // Whether the base is the run's is seen where the fusion is read.
    model.adapters?.set(path, await opened(files, `${label}/${name}`, model, i, true));
  }
}

async function opened(
  folder: Folder,
  label: string,
  model: DeltaModel,
  index: number,
  force: boolean,
): Promise<OpenedAdapter | StudioError> {
  const where = `method.adapters[${index}]`;
  try {
    return await openOne(folder, label, model, where, force);
  } catch (error) {
    const here = relocated(error, 'method.init', where);
    if (here instanceof StudioError) return here;
    throw here;
  }
}

async function openOne(
  given: Folder,
  label: string,
  model: DeltaModel,
  where: string,
  force: boolean,
): Promise<OpenedAdapter> {
  // The folder of a whole run holds its adapter in one of its own.
  const [folder, place] =
    (await describeFolder(given, label)) === null
      ? [inside(given, 'adapter'), `${label}/adapter`]
      : [given, label];
  const about = await describeFolder(folder, place);
  if (about === null)
    throw refused(
      where,
      say`${label} holds no adapter; name the folder of a run of the method "adapter", or one that AdapterHub saved`,
    );
  if (about.layout !== 'adapterHub')
    throw refused(
      where,
      say`${label} is that of ${LAYOUT_NAMES[about.layout]}, and a fusion is over bottleneck adapters in AdapterHub's layout; name folders of the method "adapter"`,
    );
  const { name, config } = about.config;
  const options = hubShape((config ?? {}) as Record<string, unknown>, model.roles.hidden);
  if (!('type' in options)) throw refused(where, say`${about.where} has ${options}; a fusion cannot take it`);
  const delta = adapter(model, options, 0);
  const layout = adapterLayout(
    delta,
    delta.tensors.map(({ name: tensor, dims }) => ({ name: tensor, shape: dims })),
    model.parameters,
  );
  const values = await loadAdapter(folder, place, delta, layout, {
    ...(model.hash !== undefined && { base: { hash: model.hash, force } }),
    // Heads of earlier tasks stay behind: that of the run starts fresh.
    head: { tensors: [], fresh: true },
  });
  return {
    name: typeof name === 'string' && name !== ADAPTER_NAME ? name : folderName(label),
    options,
    tensors: delta.tensors.map((tensor) => ({ ...tensor, data: values.get(tensor.name)! })),
    hubConfig: delta.hubConfig!,
  };
}

function refused(where: string, what: Sentence): StudioError {
  return new StudioError('adapter-file', say`${field(where)}: ${what}.`, { where });
}

/** What tells a folder from others: its last part that is no general name. */
function folderName(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => !['', '.', '..', 'adapter'].includes(part));
  return parts.at(-1) ?? ADAPTER_NAME;
}
