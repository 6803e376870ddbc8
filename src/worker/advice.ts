/** Answers what takes a few steps on the device to be told: how long runs will take, and which rate to take. */
import { findRate } from '../advice/find-rate.ts';
import { forecastRuns } from '../advice/forecast-runs.ts';
import { defaultRateOf } from '../deltas/default-rates.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import type { AdviceRequest, ForecastReply } from '../protocol/forecasts.ts';
import { methodRuns, readSpec, stageRuns, type RunSpec } from '../runs/spec.ts';
import { methodList } from '../runs/spec-method.ts';
import type { OpenRunOptions } from '../train/open-run.ts';
import type { Prepared } from '../train/prepare.ts';
import type { Studio } from '../plan/studio.ts';

export interface AdviceContext {
  studio: Studio;
  /** What a spec trains on; called again as the work goes on. */
  prepared: (spec: RunSpec) => Prepared;
  /** The spec with what saved adapters say that its methods start from. */
  started: (spec: RunSpec) => Promise<RunSpec>;
  openFolder: NonNullable<OpenRunOptions['openFolder']>;
}

/** @throws StudioError as a training does that cannot begin */
export async function answerAdvice(
  request: AdviceRequest,
  { studio, prepared, started, openFolder }: AdviceContext,
): Promise<ForecastReply> {
  const { id } = request;
  const runs = methodRuns(readSpec(request.spec));
  const ready = prepared(runs[0].spec);
  if (request.type === 'forecastTime') {
    const begun = await Promise.all(runs.map(async ({ key, spec }) => ({ key, spec: await started(spec) })));
    const seconds = Object.fromEntries(await forecastRuns(studio, ready, begun, { openFolder }));
    return { type: 'forecastTime', id, seconds };
  }
  const found = runs.find(({ key }) => key === request.run);
  if (found === undefined) throw new Error(`internal: the spec has no run "${request.run}"`);
  const spec = await started(found.spec);
  const types = methodList(stageRuns(spec)[0].method).map(({ type }) => type);
  const standard = defaultRateOf(types, rateTraits(ready.deltaModel));
  const goesOn = (): boolean => prepared(found.spec) !== null;
  return {
    type: 'foundRate',
    id,
    found: await findRate(studio, ready, spec, standard, { openFolder, goesOn }),
  };
}
