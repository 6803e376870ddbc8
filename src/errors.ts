/**
 * Errors meant for the person at the keyboard: one sentence saying what is wrong, where, and what to do.
 * Anything else that is thrown is a defect of ours and its message begins with `internal:`.
 */

import type { DataQuestion } from './question.ts';
import { english, fitted, type Sentence } from './sentence.ts';

/** Characters of a sentence that a person reads at once. */
const MOST_CHARACTERS = 400;

export type StudioErrorCode =
  | 'model' // the model file or folder
  | 'unsupported' // an op, a format, a combination we lack
  | 'data' // the dataset
  | 'tokenizer'
  | 'spec' // the run spec, a method's options
  | 'adapter-file' // a saved delta that does not fit
  | 'device' // no WebGPU, lost device, limits
  | 'training' // non-finite loss and the like
  | 'storage';

export class StudioError extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'StudioError';
  readonly code: StudioErrorCode;
  /** What is said, with its values apart, so that it can be said in another language. */
  readonly sentence: Sentence;
  /** Path of a spec field, a line number, a node name: where. */
  readonly where: string | undefined;
  /** Where one sentence stands for several places: each of the first ones, a sentence each. */
  readonly details: readonly Sentence[];
  /** What the person may answer. */
  readonly question: DataQuestion | undefined;

  constructor(
    code: StudioErrorCode,
    said: Sentence,
    options: {
      where?: string;
      cause?: unknown;
      details?: readonly Sentence[];
      question?: DataQuestion;
    } = {},
  ) {
    const sentence = fitted(said, MOST_CHARACTERS);
    super(english(sentence), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.sentence = sentence;
    this.where = options.where;
    this.question = options.question;
    this.details = (options.details ?? []).map((detail) => fitted(detail, MOST_CHARACTERS));
  }
}

/** What an error says, for records: the English text, and the sentence where it is meant for people. */
export function toldOf(error: unknown): { message: string; sentence?: Sentence } {
  if (error instanceof StudioError) return { message: error.message, sentence: error.sentence };
  return { message: error instanceof Error ? error.message : String(error) };
}

/** An error as plain data, on its way between workers. */
export interface PackedError {
  message: string;
  /** Of ours; absent where something else was thrown. */
  ours?: {
    code: StudioErrorCode;
    sentence: Sentence;
    where?: string;
    details: readonly Sentence[];
    question?: DataQuestion;
  };
}

export function packError(error: unknown): PackedError {
  if (!(error instanceof StudioError))
    return { message: error instanceof Error ? error.message : String(error) };
  const { message, code, sentence, where, details, question } = error;
  return {
    message,
    ours: { code, sentence, ...(where !== undefined && { where }), details, ...(question && { question }) },
  };
}

export function unpackError({ message, ours }: PackedError): Error {
  if (ours === undefined) return new Error(message);
  const { code, sentence, where, details, question } = ours;
  return new StudioError(code, sentence, {
    ...(where !== undefined && { where }),
    details,
    ...(question && { question }),
  });
}
