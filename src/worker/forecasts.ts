/**
 * Answers what methods would take. A method that cannot run as asked is refused by a sentence of its own;
 * the others are forecast all the same.
 */
import { StudioError } from '../errors.ts';
import { type Sentence } from '../sentence.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type {
  Forecast,
  ForecastRefusal,
  ForecastReply,
  ForecastRequest,
  AdviceRequest,
} from '../protocol/forecasts.ts';
import { methodRuns, readSpec, runMethod, type RunSpec } from '../runs/spec.ts';
import type { CompiledRun } from '../train/compile.ts';
import type { Prepared } from '../train/prepared.ts';
import { compileStages } from '../train/stages.ts';

/**
 * @param prepare what a spec trains on; made once for all methods and batch sizes
 * @param started the spec with what saved adapters say that its methods start from
 * @param between awaited before each method; what it throws ends this
 */
export async function answerForecast(
  request: Exclude<ForecastRequest, AdviceRequest>,
  prepare: (spec: RunSpec) => Prepared,
  started: (spec: RunSpec) => Promise<RunSpec>,
  profile: AdapterProfile,
  between: () => Promise<void>,
): Promise<ForecastReply> {
  const { id } = request;
  const runs = methodRuns(readSpec(request.spec));
  const compile = (spec: RunSpec) =>
    attempt(async () => compileStages(prepare(spec), await started(spec), profile).at(-1)!);
  if (request.type === 'batchMemory') {
    const found = runs.find(({ key }) => key === request.run);
    if (found === undefined) throw new Error(`internal: the spec has no run "${request.run}"`);
    const { spec } = found;
    const compiled = await compile({ ...spec, training: { ...spec.training, batchSize: request.batchSize } });
    return 'refused' in compiled
      ? { type: 'batchMemory', id, memory: null, message: compiled.refused }
      : { type: 'batchMemory', id, memory: compiled.memory, message: null };
  }
  const forecasts: Forecast[] = [];
  const refusals: ForecastRefusal[] = [];
  // What is wrong with model or data is wrong for all, and said once.
  prepare(runs[0].spec);
  for (const { key: run, spec } of runs) {
    await between();
    const method = runMethod(spec);
    const compiled = await compile(spec);
    if ('refused' in compiled) refusals.push({ run, method, message: compiled.refused });
    else forecasts.push({ run, method, ...figures(compiled) });
  }
  return { type: 'forecast', id, forecasts, refusals };
}

function figures(compiled: CompiledRun): Omit<Forecast, 'run' | 'method'> {
  const { trainableParameters, totalParameters, dispatches, memory, fitted } = compiled;
  return {
    trainableParameters,
    totalParameters,
    dispatches: dispatches.compute + dispatches.update,
    memory,
    ...(fitted && { fitted }),
  };
}

/** The result, or the sentence of a refusal. Defects of ours are thrown on. */
async function attempt(work: () => Promise<CompiledRun>): Promise<CompiledRun | { refused: Sentence }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StudioError) return { refused: error.sentence };
    throw error;
  }
}
