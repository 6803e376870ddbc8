/** Answers what takes a few steps on the device to be told: how long runs will take, and which rate to take. */
import { advise, PILOT_METHODS, scored } from '../advice/advise.ts';
import { findRate } from '../advice/find-rate.ts';
import { forecastRuns } from '../advice/forecast-runs.ts';
import { preparedForPilots } from '../advice/pilots.ts';
import { defaultRateOf } from '../deltas/default-rates.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import type { AdviceRequest, Advising, ForecastReply } from '../protocol/forecasts.ts';
import { methodRuns, readSpec, stageRuns, type RunSpec } from '../runs/spec.ts';
import { methodList } from '../runs/spec-method.ts';
import type { OpenRunOptions } from '../train/open-run.ts';
import type { Prepared } from '../train/prepared.ts';
import type { Studio } from '../plan/studio.ts';

export interface AdviceContext {
  studio: Studio;
  /** What a spec trains on. */
  prepared: (spec: RunSpec) => Prepared;
  /** The spec with what saved adapters say that its methods start from. */
  started: (spec: RunSpec) => Promise<RunSpec>;
  openFolder: NonNullable<OpenRunOptions['openFolder']>;
  /** Called as the work goes on; is it still wanted? */
  goesOn: () => boolean;
  /** Tells the page how far it is. */
  post: (reply: ForecastReply) => void;
}

/** Half of what a browser says that the machine has, and where it does not say, of a small one. */
function memoryToUse(): number {
  const { deviceMemory = 4 } = navigator as { deviceMemory?: number };
  return (deviceMemory * 2 ** 30) / 2;
}

/** Pilots that the person may end. */
export class AdviceDesk {
  #stopped = false;

  stop(): void {
    this.#stopped = true;
  }

  /** @throws StudioError as a training does that cannot begin */
  async answer(request: AdviceRequest, context: AdviceContext): Promise<ForecastReply> {
    this.#stopped = false;
    return request.type === 'advise'
      ? answerAdvise(request, context, () => context.goesOn() && !this.#stopped)
      : answerAdvice(request, context);
  }
}

async function answerAdvise(
  { id, spec, minutes }: Extract<AdviceRequest, { type: 'advise' }>,
  { studio, prepared, started, openFolder, post }: AdviceContext,
  goesOn: () => boolean,
): Promise<ForecastReply> {
  const from = performance.now();
  const asked = methodRuns(readSpec(spec), PILOT_METHODS);
  const runs = await Promise.all(
    asked.map(scored).map(async (run) => ({ key: run.key, spec: await started(run.spec) })),
  );
  const [{ spec: first }] = runs;
  const pilots = preparedForPilots(prepared(first), first.training.seed);
  const advising: Advising = { candidates: 0, pilots: [] };
  const advised = await advise(studio, pilots, runs, asked, {
    openFolder,
    most: memoryToUse(),
    seconds: 60 * minutes - (performance.now() - from) / 1000,
    goesOn,
    chosen: ({ length }) => {
      advising.candidates = length;
      post({ type: 'advising', advising });
    },
    heard: (pilot) => {
      advising.pilots.push(pilot);
      post({ type: 'advising', advising });
    },
  });
  return { type: 'advised', id, advised };
}

async function answerAdvice(
  request: Exclude<AdviceRequest, { type: 'advise' }>,
  { studio, prepared, started, openFolder, goesOn }: AdviceContext,
): Promise<ForecastReply> {
  const { id } = request;
  const runs = methodRuns(readSpec(request.spec));
  const ready = prepared(runs[0].spec);
  if (request.type === 'forecastTime') {
    const begun = await Promise.all(runs.map(async ({ key, spec }) => ({ key, spec: await started(spec) })));
    const forecasts = await forecastRuns(studio, ready, begun, { openFolder });
    const seconds = Object.fromEntries([...forecasts].map(([key, one]) => [key, one.seconds]));
    return { type: 'forecastTime', id, seconds };
  }
  const found = runs.find(({ key }) => key === request.run);
  if (found === undefined) throw new Error(`internal: the spec has no run "${request.run}"`);
  const spec = await started(found.spec);
  const standard = defaultRateOf(methodList(stageRuns(spec)[0].method), rateTraits(ready.deltaModel));
  return {
    type: 'foundRate',
    id,
    found: await findRate(studio, ready, spec, standard, { openFolder, goesOn }),
  };
}
