/**
 * Heads of saved adapters that a run starts from. An adapter of another task brings a head of another size, or none:
 * then its delta is taken and the head starts fresh, which is said.
 */
import type { Initializer, Parameter } from '../graph/source.ts';
import { headOf } from '../models/classify.ts';
import type { ReadableFolder } from '../models/files.ts';
import type { Model } from '../models/model.ts';
import { readTorchFile } from '../onnx/torch-file.ts';
import { english, field, say, type Sentence } from '../sentence.ts';
import { HUB_HEAD, HUB_WEIGHTS } from './adapter-hub-files.ts';
import { ADAPTER_WEIGHTS, MODEL_WEIGHTS, PICKLED_WEIGHTS } from './adapter-names.ts';
import { hasHead } from './head-files.ts';
import { stageRuns, type RunSpec } from './spec.ts';
import { methodList } from './spec-method.ts';
import { openWeights } from './weights-file.ts';

type Folder = ReadableFolder;
type Shaped = ReadonlyMap<string, Pick<Initializer, 'dims'>>;

/** The head that a model has for its task. */
export interface TaskHead {
  /** Names and dims of its tensors as files hold them; none where the task has no classifier. */
  tensors: readonly { name: string; dims: readonly number[] }[];
  /** Whether it starts anew whatever an adapter brings (`model.head`). */
  fresh: boolean;
}

export function taskHead(
  { model }: Pick<RunSpec, 'model'>,
  head: readonly string[],
  parameters: ReadonlyMap<string, Parameter>,
): TaskHead {
  return {
    tensors: head.map((name) => {
      const { dims, transposed } = parameters.get(name)!;
      return { name, dims: transposed ? [...dims].reverse() : dims };
    }),
    fresh: model.head === 'fresh',
  };
}

/**
 * What becomes of a saved head: it is taken (also where neither side has one), or left out because it is not wanted,
 * is another task's or has no place here, or there is none to take.
 */
export type SavedHead = 'taken' | 'unwanted' | 'other' | 'noPlace' | 'absent';

/** @param saved all tensors of the adapter by their names in its file */
export function savedHead(saved: Shaped, { tensors, fresh }: TaskHead): SavedHead {
  const names = headOf(saved.keys());
  if (names.length === 0) return tensors.length === 0 ? 'taken' : 'absent';
  if (tensors.length === 0) return 'noPlace';
  if (fresh) return 'unwanted';
  const found = tensors.flatMap(({ name, dims }) => {
    const key = names.find((one) => one === name || one.endsWith(`.${name}`));
    return key === undefined ? [] : [saved.get(key)!.dims.join() === dims.join()];
  });
  return found.length > 0 && found.every((fits) => fits) ? 'taken' : 'other';
}

/**
 * What is to be said of the adapters that runs start from, each thing once.
 * @param model with its head for the task
 * @param open opens the folder that `method.init` names; one without files says nothing here
 */
export async function notesOfStarts(
  runs: readonly { spec: RunSpec }[],
  { head, parameters }: Pick<Model, 'head' | 'parameters'>,
  open: (path: string) => Folder,
): Promise<Sentence[]> {
  const notes = await Promise.all(
    runs.map(({ spec }) => startNotes(spec, taskHead(spec, head, parameters), open)),
  );
  return [...new Map(notes.flat().map((note) => [english(note), note])).values()];
}

async function startNotes(
  spec: RunSpec,
  head: TaskHead,
  open: (path: string) => Folder,
): Promise<Sentence[]> {
  const notes: Sentence[] = [];
  for (const { method } of stageRuns(spec)) {
    const methods = methodList(method);
    for (const { type, init } of methods) {
      // Of methods combined none need bring a head, and the method "head" is one.
      // Several prompts of other tasks bring no head that could be this task's.
      if (typeof init !== 'string' || type === 'head') continue;
      const folder = open(init);
      const shapes = await readShapes(folder, init);
      const own = await Promise.all((spec.tasks ?? []).map(({ name }) => hasHead(folder, name)));
      const whole = own.length > 0 && own.every((there) => there);
      const note = shapes.size === 0 || whole ? null : noteOf(savedHead(shapes, head), init);
      if (note !== null && (methods.length === 1 || !note.absent)) notes.push(note.sentence);
    }
  }
  return notes;
}

function noteOf(found: SavedHead, init: string): { sentence: Sentence; absent: boolean } | null {
  const where = field('method.init');
  switch (found) {
    case 'taken':
      return null;
    case 'unwanted':
      return {
        sentence: say`${where}: the head that ${init} brings is left out and starts anew, as ${field('model.head')} asks.`,
        absent: false,
      };
    case 'other':
      return {
        sentence: say`${where}: the head that ${init} brings is that of another task, so the delta is taken and the head starts fresh.`,
        absent: false,
      };
    case 'noPlace':
      return {
        sentence: say`${where}: ${init} brings a head, which this task has no place for; the delta is taken without it.`,
        absent: false,
      };
    case 'absent':
      return {
        sentence: say`${where}: ${init} brings no head, so the delta is taken and the head starts fresh.`,
        absent: true,
      };
  }
}

/** Tensors of an adapter folder, whatever its layout; empty where there is none, which loading it will say. */
async function readShapes(folder: Folder, label: string): Promise<Shaped> {
  const all = new Map<string, Pick<Initializer, 'dims'>>();
  for (const name of [ADAPTER_WEIGHTS, MODEL_WEIGHTS, HUB_WEIGHTS, HUB_HEAD]) {
    const read = await openWeights(folder, name, `${label}/${name}`);
    for (const [key, tensor] of read?.tensors ?? []) all.set(key, tensor);
  }
  const pickled = all.size === 0 ? await folder.read(PICKLED_WEIGHTS) : undefined;
  return pickled === undefined ? all : readTorchFile(pickled, `${label}/${PICKLED_WEIGHTS}`);
}
