/** A checkpoint as one file: the tensors as safetensors, the rest as JSON in its header. */
import { z } from 'zod';
import { parseJson } from '../json.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Initializer } from '../graph/source.ts';
import { numbersOf, ownFloats } from '../graph/tensor.ts';
import type { FileParts } from '../models/file-parts.ts';
import {
  readSafetensors,
  safetensorsInParts,
  type FileInParts,
  type Safetensors,
} from '../onnx/safetensors.ts';
import { openSafetensors, storedSafetensors } from '../onnx/safetensors-file.ts';
import type { RunCheckpoint, StagedCheckpoint } from '../train/checkpoint.ts';
import type { KeptAnswers, StepPredictions } from '../train/predictions.ts';

/** Rises when a checkpoint is laid out otherwise; older ones are then refused rather than misread. */
const FORMAT = 1;
const HEADER = 'checkpoint';
const NAME = say`the checkpoint`;
const MOMENT = /^moment-(\d)$/;
const ANSWERS = 'answers/';

type Facts = Omit<StagedCheckpoint, 'run' | 'earlier' | 'answers'> & {
  format: number;
  /** How many stages before it left tensors. */
  earlier: number;
  /** Are there weights of a best evaluation? */
  kept_best: boolean;
  run: Omit<RunCheckpoint, 'tensors' | 'moments' | 'bestTensors'>;
  /** Their logits stand among the tensors; those of the best only where that is not the last. */
  answers?: Record<keyof KeptAnswers, Omit<StepPredictions, 'logits'> | null>;
};

/**
 * @param notes stand in the file's header beside it, and come back from `checkpointNotes`
 * @returns the file, whose parts are the state's own memory: written without a second copy of it
 */
export function writeCheckpoint(
  { run, earlier, answers, ...staged }: StagedCheckpoint,
  notes: Readonly<Record<string, string>> = {},
): FileInParts {
  const { tensors, moments, bestTensors, ...rest } = run;
  const facts: Facts = {
    ...staged,
    format: FORMAT,
    earlier: earlier.length,
    kept_best: bestTensors !== null,
    run: rest,
    ...(answers && { answers: { best: withoutLogits(answers.best), last: withoutLogits(answers.last) } }),
  };
  const stored = [
    ...group('tensors', tensors),
    ...[...moments].flatMap(([name, values]) => values.map((one, i) => floats(`moment-${i}/${name}`, one))),
    ...group('best', bestTensors ?? new Map()),
    ...earlier.flatMap((stage, i) => group(`stage-${i}`, stage)),
    ...(answers ? logitsOf(answers) : []),
  ];
  return safetensorsInParts(stored, { ...notes, [HEADER]: JSON.stringify(facts) });
}

/** As `readCheckpoint`, of a file whose tensors are read one after the other where they can be. */
export async function openCheckpoint(file: FileParts): Promise<StagedCheckpoint> {
  return checkpointOf(await openSafetensors(file, NAME));
}

/** @throws StudioError('storage') when the file is cut short or of another version */
export function readCheckpoint(bytes: Uint8Array): StagedCheckpoint {
  return checkpointOf(readSafetensors(bytes, NAME));
}

/** As `readCheckpoint`, and what was noted beside it, of a file whose tensors are read one after the other. */
export function storedCheckpoint(file: Parameters<typeof storedSafetensors>[0]): {
  state: StagedCheckpoint;
  notes: Readonly<Record<string, string>>;
} {
  const opened = storedSafetensors(file, NAME);
  return { state: checkpointOf(opened), notes: opened.metadata };
}

function checkpointOf({ tensors, metadata }: Safetensors<Initializer>): StagedCheckpoint {
  const facts = readFacts(metadata[HEADER]);
  const groups = new Map<string, Map<string, Float32Array>>();
  for (const tensor of tensors.values()) {
    if (tensor.name.startsWith(ANSWERS)) continue;
    const slash = tensor.name.indexOf('/');
    const place = tensor.name.slice(0, slash);
    const into = groups.get(place) ?? new Map<string, Float32Array>();
    into.set(tensor.name.slice(slash + 1), ownFloats(tensor));
    groups.set(place, into);
  }
  const of = (place: string) => groups.get(place) ?? new Map<string, Float32Array>();
  const moments = new Map<string, Float32Array[]>();
  for (const [place, values] of groups) {
    const index = MOMENT.exec(place)?.[1];
    if (index === undefined) continue;
    for (const [name, one] of values) {
      const list = moments.get(name) ?? [];
      list[Number(index)] = one;
      moments.set(name, list);
    }
  }
  const { stage, steps, seconds, kept } = facts;
  return {
    stage,
    steps,
    seconds,
    kept,
    earlier: Array.from({ length: facts.earlier }, (_, i) => of(`stage-${i}`)),
    ...(facts.answers && { answers: answersOf(facts.answers, tensors) }),
    run: {
      ...facts.run,
      tensors: of('tensors'),
      moments,
      bestTensors: facts.kept_best ? of('best') : null,
    },
  };
}

function withoutLogits(answers: StepPredictions | null): Omit<StepPredictions, 'logits'> | null {
  if (answers === null) return null;
  const { logits: _, ...rest } = answers;
  return rest;
}

function logitsOf({ best, last }: KeptAnswers): Initializer[] {
  const tensor = (place: keyof KeptAnswers, { logits }: StepPredictions): Initializer => {
    const bytes = new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength);
    return { name: `${ANSWERS}${place}`, type: 'float64', dims: [logits.length], bytes };
  };
  return [...(last ? [tensor('last', last)] : []), ...(best && best !== last ? [tensor('best', best)] : [])];
}

/** @throws StudioError('storage') where what the header names is not there */
function answersOf(
  facts: NonNullable<Facts['answers']>,
  tensors: Safetensors<Initializer>['tensors'],
): KeptAnswers {
  const read = (place: keyof KeptAnswers): StepPredictions | null => {
    const told = facts[place];
    if (told === null) return null;
    const tensor = tensors.get(`${ANSWERS}${place}`);
    if (tensor?.type !== 'float64') throw otherVersion();
    return { ...told, logits: Float64Array.from(numbersOf(tensor)) };
  };
  const last = read('last');
  const same = last !== null && facts.best !== null && !tensors.has(`${ANSWERS}best`);
  return { best: same ? last : read('best'), last };
}

const count = z.number().int().min(0);
const answersSchema = z.object({ step: count, texts: z.array(z.string()).optional() }).nullable();
const factsSchema = z.object({
  format: z.literal(FORMAT),
  stage: count,
  steps: count,
  seconds: z.number(),
  kept: count,
  // More stages than a spec may have are no checkpoint of ours, and each is made room for.
  earlier: count.max(1000),
  kept_best: z.boolean(),
  run: z.looseObject({
    step: count,
    best: z.looseObject({ step: count, metric: z.string(), value: z.number().nullable() }).nullable(),
    stale: count,
    evaluatedAt: z.number().int().min(-1),
    milliseconds: z.number(),
  }),
  answers: z.object({ best: answersSchema, last: answersSchema }).optional(),
});

/** @throws StudioError('storage') for what this version has not written */
function readFacts(text = ''): Facts {
  try {
    return factsSchema.parse(parseJson(text)) as Facts;
  } catch (cause) {
    throw otherVersion(cause);
  }
}

function otherVersion(cause?: unknown): StudioError {
  return new StudioError(
    'storage',
    say`The checkpoint of this run was written by another version of the studio; start a new run from its settings.`,
    { cause },
  );
}

function group(place: string, tensors: ReadonlyMap<string, Float32Array>): Initializer[] {
  return [...tensors].map(([name, values]) => floats(`${place}/${name}`, values));
}

function floats(name: string, values: Float32Array): Initializer {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, type: 'float32', dims: [values.length], bytes };
}
