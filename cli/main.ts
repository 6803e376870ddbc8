/**
 * The headless command line. Results go to standard output, progress to standard error; a failure is one
 * line there and exit status 1, wrong usage exit status 2. `DELTA_DEBUG=1` shows where an error came from.
 */
import { VERSION } from '../src/runs/version.ts';
import { helpText, parseCommand, UsageError, type Arguments, type VerbName } from './arguments.ts';
import { flushOutputs, guardOutputs, lostResults, print, progress } from './output.ts';

/** @returns the exit status */
export type VerbFunction = (args: Arguments) => Promise<number>;

/** Each verb's code is loaded when it is called, so that help comes at once. */
const VERB_MODULES: Record<VerbName, () => Promise<VerbFunction>> = {
  inspect: async () => (await import('./verbs/inspect.ts')).inspect,
  plan: async () => (await import('./verbs/plan.ts')).plan,
  train: async () => (await import('./verbs/train.ts')).train,
  compare: async () => (await import('./verbs/compare.ts')).compareVerb,
  rates: async () => (await import('./verbs/rates.ts')).rates,
  advise: async () => (await import('./verbs/advise.ts')).advise,
  study: async () => (await import('./verbs/study.ts')).studyVerb,
  evaluate: async () => (await import('./verbs/evaluate.ts')).evaluateVerb,
  predict: async () => (await import('./verbs/predict.ts')).predictVerb,
  merge: async () => (await import('./verbs/merge.ts')).mergeVerb,
  convert: async () => (await import('./verbs/convert.ts')).convertVerb,
  export: async () => (await import('./verbs/export.ts')).exportVerb,
};

/** What a command does, in this process. @returns the exit status */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command.kind === 'help') print(helpText(command.verb).trimEnd());
    else if (command.kind === 'version') print(VERSION);
    else return await (await VERB_MODULES[command.args.verb]())(command.args);
    return 0;
  } catch (error) {
    const debug = process.env.DELTA_DEBUG !== undefined && process.env.DELTA_DEBUG !== '';
    if (debug && error instanceof Error) progress(error.stack ?? error.message);
    const message = error instanceof Error ? error.message : String(error);
    progress(`delta: ${message.replace(/\s*\n\s*/g, ' ')}`);
    if (!(error instanceof UsageError)) return 1;
    progress('Try: delta help');
    return 2;
  }
}

/** Runs the command and leaves the process with its status; the device's threads would keep it alive. */
export async function main(argv: readonly string[]): Promise<never> {
  guardOutputs();
  let status = await runCommand(argv);
  await flushOutputs();
  const lost = lostResults();
  if (status === 0 && lost !== null) {
    progress(`delta: the results could not be printed (${lost}); give standard output room and call again`);
    await flushOutputs();
    status = 1;
  }
  process.exit(status);
}
