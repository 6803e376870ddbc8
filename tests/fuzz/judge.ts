/**
 * Runs one input and judges how it ended. Right is success, or our own error with one sentence, in bounded time
 * and memory; a finding is anything else.
 */
import { StudioError } from '../../src/errors.ts';
import { english } from '../../src/sentence.ts';
import type { Files, Reader } from './reader.ts';

/** Longest sentence. */
const MOST_CHARACTERS = 400;
/** Processor time of one input, in milliseconds. */
const MOST_MILLISECONDS = 2000;
/** Growth of the process at its largest, in bytes. */
const MOST_MEMORY = 500 * 2 ** 20;

export interface Finding {
  /** What is wrong, the same for inputs that fail alike. */
  kind: string;
  /** All there is to know: the whole message, a stack. */
  detail: string;
}

/** Rejections and exceptions that nobody handled, since they were last asked for. */
const unhandled: unknown[] = [];

let watching = false;

/** From here on what nobody handled is a finding and ends no process. */
export function watchUnhandled(): void {
  if (watching) return;
  watching = true;
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  process.on('uncaughtException', (error) => unhandled.push(error));
}

/** The first frame of a stack in the product, or any. */
function frameOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').slice(1);
  const own = frames.find((line) => /\/(src|cli)\//.test(line) && !line.includes('node_modules'));
  const frame = own ?? frames[0] ?? '';
  return /([\w.-]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? '';
}

/** A message without what differs from input to input. */
const bare = (text: string): string =>
  text
    .replace(/\d+(\.\d+)?/g, '0')
    .replace(/"[^"]*"|'[^']*'/g, '…')
    .slice(0, 80);

function judgeError(error: unknown): Finding | null {
  if (!(error instanceof Error)) return { kind: `threw ${typeof error}`, detail: String(error) };
  // A stack is put in words when it is asked for, which takes longer than many a refusal.
  const detail = (): string => (error.stack ?? error.message).slice(0, 4000);
  if (!(error instanceof StudioError))
    return { kind: `${error.name} ${frameOf(error)}: ${bare(error.message)}`, detail: detail() };
  for (const sentence of [error.message, ...error.details.map(english)]) {
    const fault = sentenceFault(sentence);
    if (fault !== null) return { kind: `${fault} ${frameOf(error)}`, detail: detail() };
  }
  return null;
}

/** What keeps a message from being one clear sentence. */
function sentenceFault(sentence: string): string | null {
  if (sentence.length > MOST_CHARACTERS) return 'longer than 400 characters';
  if (/^internal:/.test(sentence)) return 'internal';
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(sentence)) return 'control characters';
  // Of a pattern, Oniguruma says itself that an option or a name is undefined.
  const words = sentence.replace(/Oniguruma error: undefined/, '');
  if (/\[object \w+\]|\bundefined\b/.test(words)) return 'a value that was not put in words';
  return null;
}

/**
 * @param settle milliseconds to wait for rejections that come late
 * @returns what is wrong, or null
 */
export async function judge(reader: Reader, files: Files, settle = 0): Promise<Finding | null> {
  unhandled.length = 0;
  const memory = process.resourceUsage().maxRSS;
  const time = process.cpuUsage();
  let finding: Finding | null = null;
  try {
    await reader.read(files);
  } catch (error) {
    finding = judgeError(error);
  }
  const { user, system } = process.cpuUsage(time);
  const grown = (process.resourceUsage().maxRSS - memory) * 1024;
  await new Promise((resolve) => (settle > 0 ? setTimeout(resolve, settle) : setImmediate(resolve)));
  const stray = unhandled[0];
  if (stray !== undefined) {
    const error = stray instanceof Error ? stray : new Error(JSON.stringify(stray));
    return { kind: `unhandled ${bare(error.message)}`, detail: error.stack ?? error.message };
  }
  const milliseconds = (user + system) / 1000;
  if (finding !== null) return finding;
  if (milliseconds > MOST_MILLISECONDS)
    return { kind: 'slow', detail: `${milliseconds.toFixed(0)} ms of processor time` };
  if (grown > MOST_MEMORY) return { kind: 'memory', detail: `grew by ${(grown / 2 ** 20).toFixed(0)} MiB` };
  return null;
}
