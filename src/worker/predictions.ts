/** What the runs of a comparison predict: for the validation rows, and for texts that a person types. */
import { unlabelledDataset } from '../data/dataset.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Model } from '../models/model.ts';
import {
  UNTUNED,
  type Answer,
  type PredictionReply,
  type ValidationPredictions,
} from '../protocol/predictions.ts';
import type { SavedFile } from '../runs/adapter-names.ts';
import type { StoredRun } from '../runs/record.ts';
import { taskView } from '../runs/spec-tasks.ts';
import type { RunOutcome } from '../train/comparison.ts';
import { rankWords } from '../train/evaluate-texts.ts';
import { predict, probabilities } from '../train/evaluate.ts';
import type { Prepared } from '../train/prepared.ts';
import { reopenRun, type ReopenedRun, type ReopenedTexts } from '../train/reopen.ts';
import { labelWords } from '../train/task.ts';
import { answersOfTasks } from '../train/task-answers.ts';
import { TextGenerator } from '../train/text-generator.ts';
import { openUntuned, untunedTexts } from '../train/untuned.ts';
import type { Studio } from '../plan/studio.ts';

/** Of the one data set, or of each task; none where nothing was evaluated. */
export function predictionsOfTasks(
  prepared: Prepared,
  outcomes: readonly RunOutcome[],
): ValidationPredictions[] {
  const { tasks } = prepared;
  if (tasks === undefined) return [validationPredictions(prepared, outcomes) ?? []].flat();
  return tasks.flatMap(({ name, prepared: one }, i) => {
    const own = outcomes.map((outcome): RunOutcome => {
      const { predictions, spec } = outcome;
      const each = predictions && answersOfTasks(predictions, prepared, spec, 'validation');
      return { ...outcome, spec: taskView(spec, i), predictions: each && each[i] };
    });
    const found = validationPredictions(one, own);
    return found === null ? [] : [{ ...found, task: name }];
  });
}

/** Null when nothing was evaluated. */
function validationPredictions(
  prepared: Prepared,
  outcomes: readonly RunOutcome[],
): ValidationPredictions | null {
  const { validation, labelSpace, outputs } = prepared;
  if (validation === null) return null;
  const { texts, pairs, labels, lines, references } = validation.dataset;
  const runs = outcomes.flatMap(({ key, predictions }) => {
    if (predictions === null) return [];
    const { step, logits, texts: written = null } = predictions;
    // Texts may be the only answer; other answers are to every row, and those of a zip need not be.
    if (logits.length > 0 && logits.length !== labels.length * outputs) return [];
    return [{ run: key, step, values: answersOf(logits, outputs, labelSpace !== null), written }];
  });
  return { texts, pairs, labels, lines, labelNames: labelSpace?.names ?? null, references, runs };
}

/** Softmax row by row of a classification; a regression's values as they are. */
function answersOf(logits: Float64Array, outputs: number, classes: boolean): Float32Array<ArrayBuffer> {
  const out = new Float32Array(logits);
  if (!classes) return out;
  for (let from = 0; from < logits.length; from += outputs)
    out.set(probabilities(logits.subarray(from, from + outputs)), from);
  return out;
}

export interface PlaygroundInput {
  studio: Studio;
  prepared: Prepared;
  /** The base model, as loaded. */
  base: Model;
  outcomes: readonly RunOutcome[];
  /** The record of an outcome, as it is stored. */
  recordOf: (outcome: RunOutcome) => StoredRun;
}

/**
 * The untuned model and every run with usable weights answer one text, each opened on the device in turn and
 * closed again, so that no more than one takes memory. A model that writes writes its answer, and ranks its label
 * words where it has them. Batches have the size of training's: its evaluations have compiled every kernel that
 * is needed.
 * @throws StudioError('data') for an empty text, ('training') when nothing has been trained
 */
export async function answerText(
  { studio, prepared, base, outcomes, recordOf }: PlaygroundInput,
  id: number,
  text: string,
  text2: string | null,
): Promise<PredictionReply> {
  const tuned = outcomes.filter(({ adapter }) => adapter !== null);
  if (tuned.length === 0) {
    throw new StudioError('training', say`No run has left usable weights yet; wait for one to end.`);
  }
  const spec = recordOf(tuned[0]).spec;
  const words = labelWords(spec, prepared.labelSpace);
  const dataset = unlabelledDataset(
    [text],
    text2 === null ? null : [text2],
    spec.model.task,
    say`The playground`,
    words?.[0],
  );
  const writes = spec.model.task === 'text2text';
  const ask = async (run: string, answer: () => Promise<Partial<Answer>>): Promise<Answer> => {
    const none = { run, probabilities: null, value: null, written: null, message: null };
    try {
      return { ...none, ...(await answer()) };
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      return { ...none, message: error.sentence };
    }
  };
  const answerOf = async ({ instance, data, shape, outputs }: ReopenedRun): Promise<Partial<Answer>> => {
    try {
      const logits = await predict(instance, data, shape, outputs);
      return prepared.labelSpace ? { probabilities: probabilities(logits) } : { value: logits[0] };
    } finally {
      instance.destroy();
    }
  };
  const ranked = async ({ instance, data, shape }: Worded): Promise<Partial<Answer>> =>
    words === null
      ? {}
      : { probabilities: probabilities(await rankWords(instance, data, shape, prepared.tokenizer, words)) };
  const untuned = async (): Promise<Partial<Answer>> => {
    if (!writes) return answerOf(await openUntuned(studio, prepared, spec, dataset));
    const written = await write(untunedTexts(studio, prepared, spec, dataset));
    if (words === null) return { written };
    const opened = await openUntuned(studio, prepared, spec, dataset);
    try {
      return { written, ...(await ranked(opened)) };
    } finally {
      opened.instance.destroy();
    }
  };
  const tunedAnswer = async (outcome: RunOutcome): Promise<Partial<Answer>> => {
    const adapter = { folder: folderOf(outcome.adapter!), label: outcome.key };
    const opened = await reopenRun(studio, recordOf(outcome), base, adapter, dataset);
    if (!writes) return answerOf(opened);
    try {
      const { source, data, tokenizer } = opened;
      const settings = { ...outcome.spec.generation!, batchSize: 1 };
      const written = await write(new TextGenerator(studio, source, data, tokenizer, settings));
      return { written, ...(await ranked(opened)) };
    } finally {
      opened.instance.destroy();
    }
  };
  const answers = [await ask(UNTUNED, untuned)];
  for (const outcome of tuned) answers.push(await ask(outcome.key, () => tunedAnswer(outcome)));
  return {
    type: 'answers',
    id,
    labelNames: prepared.labelSpace?.names ?? null,
    untunedHead: prepared.model.freshHead === undefined ? 'own' : 'fresh',
    answers,
  };
}

/** What ranks words: a run that writes, on its device. */
type Worded = Pick<ReopenedTexts, 'instance' | 'data' | 'shape'>;

/** The text of the only row. */
async function write(generator: TextGenerator): Promise<string> {
  try {
    return (await generator.generate([0]))[0];
  } finally {
    generator.destroy();
  }
}

/** Saved files as the folder they would be. */
export function folderOf(files: readonly SavedFile[]): {
  read: (path: string) => Promise<Uint8Array | undefined>;
} {
  const byName = new Map(files.map((file) => [file.name, file]));
  return { read: async (path) => byName.get(path)?.bytes };
}
