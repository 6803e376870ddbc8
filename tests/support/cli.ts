/** Runs the command line as a person would, and a tiny project for it to run on. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runCommand } from '../../cli/main.ts';
import { bundled } from './bundle.ts';

const BIN = fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url));
const ORACLES = fileURLToPath(new URL('../oracle/', import.meta.url));

export interface CliResult {
  status: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** Send SIGINT, as Ctrl-C does, or the signal named, once this stands on standard error. */
  interruptAfter?: RegExp;
  signal?: NodeJS.Signals;
  /** Nobody reads the two outputs any more once this stands on standard error, as behind `| head`. */
  closeAfter?: RegExp;
  /** Kill it as the system does, with nothing said to it, once this holds; asked for every few milliseconds. */
  killWhen?: () => boolean;
  /** Send the signal again so many milliseconds after the first was heard. */
  againAfter?: number;
}

/**
 * A command in this process, which spares loading everything anew: what stands on its two outputs, and its
 * exit status.
 * @param cwd any folder: the command line finds its own code
 * @param interruptAfter is interrupted, as by Ctrl-C, once this stands on standard error
 */
export async function delta(
  args: readonly string[],
  cwd: string,
  { interruptAfter }: Pick<CliOptions, 'interruptAfter'> = {},
): Promise<CliResult> {
  const before = process.cwd();
  const result: CliResult = { status: -1, stdout: '', stderr: '' };
  let interrupted = false;
  const outputs = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      result[name] += String(chunk);
      if (!interrupted && interruptAfter?.test(result.stderr)) {
        interrupted = true;
        process.emit('SIGINT');
      }
      return true;
    }),
  );
  process.chdir(cwd);
  try {
    result.status = await runCommand(args);
  } finally {
    process.chdir(before);
    for (const output of outputs) output.mockRestore();
  }
  return result;
}

/** The same as a process of its own, exactly as a person starts it: on as many threads as there are cores. */
export function deltaBin(args: readonly string[], cwd: string): Promise<CliResult> {
  const { DELTA_THREADS: _, ...env } = process.env;
  return start(BIN, args, cwd, {}, env);
}

/** The same as a process of its own, of which the code is in one file: it starts in a fraction of the time. */
export async function deltaProcess(
  args: readonly string[],
  cwd: string,
  options: CliOptions = {},
): Promise<CliResult> {
  const { interruptAfter, signal = 'SIGINT', againAfter } = options;
  const env = {
    ...process.env,
    ...(interruptAfter && { DELTA_TEST_AT: interruptAfter.source, DELTA_TEST_SIGNAL: signal }),
    ...(againAfter !== undefined && { DELTA_TEST_AGAIN: String(againAfter) }),
  };
  return start(await bundled('tests/support/delta-process.ts'), args, cwd, options, env);
}

function start(
  script: string,
  args: readonly string[],
  cwd: string,
  { closeAfter, killWhen }: CliOptions,
  env: NodeJS.ProcessEnv,
): Promise<CliResult> {
  return new Promise((resolve) => {
    const timer = killWhen && setInterval(() => killWhen() && child.kill('SIGKILL'), 5);
    const child = execFile(
      process.execPath,
      [script, ...args],
      { cwd, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        clearInterval(timer);
        const code = error === null ? 0 : error.code;
        resolve({ status: typeof code === 'number' ? code : -1, stdout, stderr });
      },
    );
    let seen = '';
    let done = false;
    child.stderr?.on('data', (chunk: string) => {
      seen += chunk;
      if (done || !closeAfter?.test(seen)) return;
      done = true;
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  });
}

export const WORDS = [
  'fine',
  'great',
  'happy',
  'poor',
  'awful',
  'sad',
  'the',
  'film',
  'day',
  'was',
  'plain',
  'long',
];

/** Rows of three classes that a few words tell apart. */
export function rowsText(count: number, separator: string, header: readonly string[]): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const label = i % 3;
    const words = [WORDS[label * 2 + (i % 2)], WORDS[6 + (i % 6)], WORDS[6 + ((i * 5 + 1) % 6)]];
    return [words.join(' '), String(label)].join(separator);
  });
  return `${[header.join(separator), ...lines].join('\n')}\n`;
}

export type SpecPatch = Record<string, unknown>;

/**
 * A folder with a tiny BERT for three classes, a vocabulary for it, data, and a spec.
 * @param patch laid over the spec's top level
 * @param oracle whose model it is, of the same vocabulary
 * @returns path of the spec
 */
export function makeProject(folder: string, patch: SpecPatch = {}, oracle = 'bert'): string {
  const model = path.join(folder, 'model');
  mkdirSync(model, { recursive: true });
  for (const name of ['model.onnx', 'config.json'])
    copyFileSync(path.join(ORACLES, oracle, name), path.join(model, name));
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...WORDS];
  writeFileSync(path.join(model, 'vocab.txt'), `${vocabulary.join('\n')}\n`);
  writeFileSync(path.join(folder, 'train.tsv'), rowsText(18, '\t', ['sentence', 'label']));
  writeFileSync(path.join(folder, 'dev.csv'), rowsText(7, ',', ['sentence', 'label']));
  const spec = {
    name: 'tiny',
    model: { source: 'model' },
    data: {
      train: 'train.tsv',
      validation: 'dev.csv',
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    },
    method: { type: 'lora', rank: 2, alpha: 4 },
    training: { steps: 4, batchSize: 4, evaluateEvery: 2, seed: 3 },
    ...patch,
  };
  const file = path.join(folder, 'spec.json');
  writeFileSync(file, JSON.stringify(spec));
  return file;
}
