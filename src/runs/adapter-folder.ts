/**
 * The adapter folder of a run. One method lies in it as it is; methods combined lie in a sub-folder each,
 * `0-lora`, `1-bitfit`, with the head once, in the first; stages in `stage-1`, `stage-2`. Above sub-folders
 * stands a `delta_config.json` that names them.
 */
import { parseJson } from '../json.ts';
import type { Composition } from '../deltas/compose.ts';
import { ownNames } from '../deltas/delta.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Parameter } from '../graph/source.ts';
import type { ReadableFolder } from '../models/files.ts';
import { withoutTask } from '../models/task-head.ts';
import { adapterLayout, type AdapterTensor } from './adapter-layout.ts';
import { loadAdapter, loadTensors } from './adapter-load.ts';
import { DELTA_CONFIG, movedTo, savedInParts, type SavedFile } from './adapter-names.ts';
import {
  deltaConfig,
  packAdapter,
  saveAdapter,
  type AdapterBase,
  type AdapterOrigin,
} from './adapter-save.ts';
import { methodList, type Methods } from './spec-method.ts';
import { openFusedOf } from './fusion-adapters.ts';
import { inside } from './fusion-files.ts';
import { hasHead, headFile } from './head-files.ts';
import { transferred } from './prompt-transfer.ts';
import { loadSubspace } from './source-prompts.ts';
import type { TaskHead } from './start-heads.ts';

/** Of all methods of a run. */
type Origin = Pick<AdapterOrigin, 'task'> & { base: AdapterBase };

type Folder = ReadableFolder;

/** What a stage trained and how its files hold it. */
export interface StageLayout {
  method: Methods;
  delta: Composition;
  /** Of each method of the stage. */
  parts: AdapterTensor[][];
  /** Heads of several tasks, each in a file of its own. */
  heads: { task: string; tensors: AdapterTensor[] }[];
}

/**
 * @param all names and shapes of what is trained, as in the graph
 * @param parameters the model's own weights, a fresh head's among them
 * @param heads names of the tensors that are one task's alone, of several; files call them what one task's model does
 */
export function stageLayout(
  method: Methods,
  delta: Composition,
  all: readonly { name: string; shape: readonly number[] }[],
  parameters: ReadonlyMap<string, Parameter>,
  heads: readonly { task: string; tensors: readonly string[] }[] = [],
): StageLayout {
  const apart = new Set(heads.flatMap(({ tensors }) => tensors));
  const trained = all.filter(({ name }) => !apart.has(name));
  const owners = new Map<string, number>();
  for (const [i, part] of delta.parts.entries())
    for (const name of [...part.tensors.map((tensor) => tensor.name), ...part.unfrozen]) owners.set(name, i);
  // The head belongs to the first method, unless one of them is the head itself.
  const head = Math.max(
    0,
    delta.parts.findIndex(({ type }) => type === 'head'),
  );
  const parts = delta.parts.map((part, i) =>
    adapterLayout(
      part,
      [
        ...trained.filter(({ name }) => (owners.get(name) ?? head) === i),
        ...(part.given ?? []).map(({ name, dims }) => ({ name, shape: dims })),
      ],
      parameters,
    ),
  );
  return {
    method,
    delta,
    parts,
    heads: heads.map(({ task, tensors }) => ({
      task,
      tensors: tensors.map((name) => {
        const { dims, transposed } = parameters.get(name)!;
        return { name, dims, file: { name: withoutTask(name, task), transposed } };
      }),
    })),
  };
}

const partFolder = (index: number, type: string): string => `${index}-${type}`;
const stageFolder = (index: number): string => `stage-${index + 1}`;

function under(name: string, files: readonly SavedFile[]): SavedFile[] {
  return files.map((file) => movedTo(name, file));
}

function saveStage(
  { method, delta, parts, heads }: StageLayout,
  tensors: ReadonlyMap<string, Float32Array>,
  origin: Origin,
): SavedFile[] {
  const methods = methodList(method);
  const own = heads
    .filter((head) => head.tensors.length > 0)
    .map((head) => savedInParts(headFile(head.task), packAdapter(head.tensors, tensors, origin.base)));
  if (methods.length === 1)
    return [...saveAdapter(delta.parts[0], parts[0], tensors, { ...origin, method: methods[0] }), ...own];
  const folders = methods.map(({ type }, i) => partFolder(i, type));
  return [
    ...own,
    deltaConfig({ method: methods, folders, base: origin.base }),
    ...methods.flatMap((one, i) =>
      under(folders[i], saveAdapter(delta.parts[i], parts[i], tensors, { ...origin, method: one })),
    ),
  ];
}

export interface TrainedStage extends StageLayout {
  tensors: ReadonlyMap<string, Float32Array>;
}

/**
 * The files of a run's adapter folder; names may have a folder before them.
 * @param staged was the run given in stages? Then even one of them has its own folder
 */
export function saveRunAdapter(
  stages: readonly TrainedStage[],
  staged: boolean,
  origin: Origin,
): SavedFile[] {
  if (!staged) return saveStage(stages[0], stages[0].tensors, origin);
  const folders = stages.map((_, i) => stageFolder(i));
  const method = stages.map((stage) => stage.method);
  return [
    deltaConfig({ stages: method, folders, base: origin.base }),
    ...stages.flatMap((stage, i) => under(folders[i], saveStage(stage, stage.tensors, origin))),
  ];
}

/** Where the adapter of a stage lies in a run's folder, or null when the run ended before it. */
export async function stageAdapter(
  folder: Folder,
  staged: boolean,
  index: number,
): Promise<{ folder: Folder; name: string } | null> {
  if (!staged) return { folder, name: '' };
  const bytes = await folder.read(DELTA_CONFIG);
  const name = stageFolder(index);
  if (bytes === undefined) {
    throw new StudioError(
      'adapter-file',
      say`the adapter folder of this run has no ${DELTA_CONFIG}; train again`,
      { where: DELTA_CONFIG },
    );
  }
  const { folders } = parseJson(new TextDecoder().decode(bytes)) as { folders?: string[] };
  return folders?.includes(name) ? { folder: inside(folder, name), name } : null;
}

/** Opens the frozen adapters that the folder of a stage holds, for the method that is built of them. */
export async function openStageParts(
  methods: Methods,
  model: DeltaModel,
  folder: Folder,
  label: string,
): Promise<void> {
  const list = methodList(methods);
  for (const [i, method] of list.entries()) {
    const name = partFolder(i, method.type);
    const [from, place] = list.length === 1 ? [folder, label] : [inside(folder, name), `${label}/${name}`];
    await openFusedOf(method, model, from, place);
  }
}

export interface BaseCheck {
  /** SHA-256 of the base model's weights. */
  hash: string;
  /** Take files of another base too. */
  force: boolean;
}

/** Tensors of a stage from what `saveRunAdapter` wrote for it. */
export async function loadStage(
  folder: Folder,
  label: string,
  { method, delta, parts, heads }: StageLayout,
  base: BaseCheck,
): Promise<Map<string, Float32Array>> {
  const methods = methodList(method);
  const out = new Map<string, Float32Array>();
  for (const { task, tensors } of heads) {
    if (tensors.length === 0) continue;
    const read = await loadTensors(folder, label, headFile(task), tensors, base);
    for (const [tensor, values] of read) out.set(tensor, values);
  }
  for (const [i, one] of methods.entries()) {
    const name = partFolder(i, one.type);
    const [from, place] = methods.length === 1 ? [folder, label] : [inside(folder, name), `${label}/${name}`];
    const read = await loadAdapter(from, place, delta.parts[i], parts[i], { base, method: one });
    for (const [tensor, values] of read) out.set(tensor, values);
  }
  return out;
}

/**
 * Starting values of methods that name an adapter with `init`. A folder may bring a head; of several the
 * first counts, and where methods are combined none need. One of another task is left out.
 * @param taskHead the head that the run trains
 * @param seed of what is trained from the adapters before the run begins
 */
export async function loadStarts(
  open: (path: string) => Folder,
  { method, delta, parts, heads }: StageLayout,
  hash: string,
  parameters: ReadonlyMap<string, Parameter>,
  taskHead: TaskHead,
  seed: number,
): Promise<Map<string, Float32Array>> {
  const methods = methodList(method);
  const own = delta.parts.map(ownNames);
  const head = parts.flatMap((part, i) => part.filter(({ name }) => !own[i].has(name)));
  const out = new Map<string, Float32Array>();
  for (const [i, { init, initForce, initWeights = 'equal', initLike, ...options }] of methods.entries()) {
    if (options.type === 'ipt' && options.prompts !== undefined) {
      const { tensors, baked, virtualTokens } = delta.parts[i];
      const [width, dimension] = [baked![0].dims[1], tensors[0].dims[1]];
      // A spec that nobody completed from its prompts has the sizes that the delta took, which they must have too.
      const sizes = { ...options, dimension, virtualTokens };
      const subspace = await loadSubspace(sizes, options.prompts, open, {
        width,
        seed,
        base: { hash, force: initForce ?? false },
      });
      for (const [tensor, values] of subspace) out.set(tensor, values);
      continue;
    }
    if (init === undefined) continue;
    const mine = parts[i].filter(({ name }) => own[i].has(name));
    if (Array.isArray(init)) {
      // Heads of other tasks stay behind: that of the run starts fresh.
      const expected = {
        base: { hash, force: initForce ?? false },
        method: options,
        head: { tensors: [], fresh: true },
      };
      const [rows] = mine;
      const read = async (folder: string): Promise<Float32Array> =>
        (await loadAdapter(open(folder), folder, delta.parts[i], mine, expected)).get(rows.name)!;
      const prompts: Float32Array[] = [];
      for (const folder of init) prompts.push(await read(folder));
      const like = initLike === undefined ? undefined : await read(initLike);
      out.set(rows.name, transferred(prompts, rows.dims[1], initWeights, like).prompt);
      continue;
    }
    const headLayout = adapterLayout(
      delta.parts[i],
      head.map(({ name, dims }) => ({ name, shape: dims })),
      parameters,
    ).map((tensor) => ({ ...tensor, optional: methods.length > 1 && options.type !== 'head' }));
    const base = { hash, force: initForce ?? false };
    const read = await loadAdapter(open(init), init, delta.parts[i], [...mine, ...headLayout], {
      base,
      method: options,
      // The method "head" has nothing else to take.
      ...(options.type !== 'head' && { head: taskHead }),
    });
    for (const [tensor, values] of read) if (!out.has(tensor)) out.set(tensor, values);
    for (const { task, tensors } of taskHead.fresh ? [] : heads) {
      if (tensors.length === 0 || !(await hasHead(open(init), task))) continue;
      const own = await loadTensors(open(init), init, headFile(task), tensors, base);
      for (const [tensor, values] of own) if (!out.has(tensor)) out.set(tensor, values);
    }
  }
  return out;
}
