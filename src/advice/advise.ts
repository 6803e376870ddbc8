/** What to train, found out by pilots within a time: successive halving over methods and rates that fit. */
import type { MethodType } from '../deltas/defaults.ts';
import { StudioError } from '../errors.ts';
import { stageRuns, type ComparisonRun, type RunSpec } from '../runs/spec.ts';
import { metricTaskOf } from '../runs/spec-texts.ts';
import { say, type Sentence } from '../sentence.ts';
import type { OpenRunOptions } from '../train/open-run.ts';
import type { Prepared } from '../train/prepared.ts';
import type { Studio } from '../plan/studio.ts';
import { affordable, successiveHalving } from './halving.ts';
import { pilotRuns, trainPilot, type PilotRun, type PilotScore } from './pilots.ts';
import { pilotInterval, type PilotScoring } from './pilot-evidence.ts';
import type { PilotRecord } from './pilot-record.ts';
import { choose, reasonsFor, recommendedSpec } from './recommend.ts';

/** What is tried where nobody says what: one of each kind. */
export const PILOT_METHODS: readonly MethodType[] = [
  'full',
  'lora',
  'adapter',
  'prefix',
  'prompt',
  'bitfit',
  'head',
];

export interface AdviseOptions extends Pick<OpenRunOptions, 'openFolder'> {
  /** Bytes that a run may hold. */
  most: number;
  /** For all pilots, those that are known and making ready among them. */
  seconds: number;
  /** Pilots from before, which are not trained again, and the candidates that those began with. */
  known?: readonly PilotRecord[];
  begun?: readonly string[] | null;
  /** False from when the person has had enough. */
  goesOn: () => boolean;
  /** Hears the candidates, and the seconds there are for them. */
  chosen?: (candidates: readonly PilotRun[], seconds: number) => void;
  /** Hears every pilot as it ends. */
  heard?: (pilot: PilotRecord) => void;
}

/** What the pilots come to. */
export interface Advised {
  /** To train, as the pilot of it was set up. */
  spec: RunSpec;
  chosen: PilotRecord;
  /** False where the pilots did not show that anything was learned. */
  learned: boolean;
  /** Why it is that, and how sure it is: a sentence each, the answer first. */
  reasons: Sentence[];
  /** Every candidate that was scored, the best first. */
  ranking: PilotRecord[];
  /** All pilots, in the order in which they ended. */
  pilots: PilotRecord[];
  /** Did the rounds come to their end? */
  complete: boolean;
}

/**
 * @param prepared what pilots train on and are scored by (`preparedForPilots`)
 * @param runs the methods to try, a run each, with what saved adapters say that they start from
 * @param asked the same as the spec asks for them, for how often the advised training is scored
 * @throws StudioError('device') where no method fits, ('training') where no pilot could be scored
 */
export async function advise(
  studio: Studio,
  prepared: Prepared,
  runs: readonly ComparisonRun[],
  asked: readonly ComparisonRun[],
  options: AdviseOptions,
): Promise<Advised> {
  const { most, known = [], begun = null, goesOn, heard } = options;
  const now = (): number => performance.now() / 1000;
  const from = now();
  const [{ spec: first }] = runs;
  const all = await pilotRuns(studio, prepared, runs, most, options);
  if (all.length === 0)
    throw new StudioError(
      'device',
      say`No method fits into ${(most / 2 ** 20).toFixed(1)} MiB; use a smaller batch or shorter texts, or allow more memory.`,
    );
  // Making things ready took some of the time already.
  const seconds = options.seconds - (now() - from);
  if (seconds <= 0)
    throw new StudioError(
      'training',
      say`Getting ready took ${Math.ceil(now() - from)} s, which is all of the time that was given; give more minutes.`,
    );
  const candidates = begun === null ? affordable(all, seconds) : all.filter(({ key }) => begun.includes(key));
  const byKey = new Map(candidates.map((one) => [one.key, one as PilotRun]));
  options.chosen?.([...byKey.values()], seconds);
  const pilots = [...known];
  const found = new Map<string, PilotScore>();
  const scoring = scoringOf(prepared, first);
  const { ranking, complete } = await successiveHalving(candidates, {
    seconds,
    fullSteps: stageRuns(first)[0].training.steps,
    now,
    known,
    goesOn,
    train: async (key, steps, _round, inTime) => {
      const result = await trainPilot(studio, prepared, byKey.get(key)!.spec, steps, inTime, options);
      if (result === null || result === 'stopped') return result;
      found.set(key, result);
      return result.score;
    },
    heard: (pilot) => {
      const { method, learningRate, bytes } = byKey.get(pilot.key)!;
      const { metrics, answers } =
        pilot.score === null ? { metrics: null, answers: null } : found.get(pilot.key)!;
      const record: PilotRecord = { ...pilot, method, learningRate, bytes, metrics, answers };
      if (metrics !== null) record.interval = pilotInterval(record, scoring);
      pilots.push(record);
      heard?.(record);
    },
  });
  const ranked = ranking.map(({ key, round }) =>
    pilots.find((one) => one.key === key && one.round === round)!,
  );
  const chosen = choose(ranked);
  if (chosen === null) throw new StudioError('training', nothingFound(!goesOn(), pilots.length > 0));
  const { training } = asked.find(({ key }) => key === chosen.method)!.spec;
  const { learned, sentences: reasons } = reasonsFor(chosen, ranked, complete, scoring);
  return {
    spec: recommendedSpec(byKey.get(chosen.key)!.spec, training, reasons),
    chosen,
    learned,
    reasons,
    ranking: ranked,
    pilots,
    complete,
  };
}

/** By what pilots are scored. Of several tasks the means are taken, which no rows tell. */
function scoringOf(prepared: Prepared, { model, data, training }: RunSpec): PilotScoring {
  const { metric, seed } = training;
  const kind = metricTaskOf(model.task, data.verbalizer);
  const classified = kind === 'classification' || kind === 'textClassification';
  const sets = (prepared.tasks ?? [{ prepared }]).map((one) => one.prepared.validation);
  const single = sets.length === 1 && (classified || kind === 'regression') ? sets[0] : null;
  return {
    metric,
    ...(classified && { classes: prepared.validation?.dataset.labelSpace?.names.length }),
    rows: sets.reduce((sum, set) => sum + (set?.rows ?? 0), 0),
    truth: single?.labels ?? null,
    seed,
  };
}

function nothingFound(stopped: boolean, tried: boolean): Sentence {
  if (stopped) return say`Stopped before the first pilot had ended.`;
  return !tried
    ? say`The time was over before the first pilot had ended; give more minutes.`
    : say`No pilot could be scored: all diverged or did not fit; give rates of your own, or more time.`;
}

/** A run whose validation rows are read, whether or not it evaluates as it trains. */
export function scored({ key, spec }: ComparisonRun): ComparisonRun {
  const { training } = spec;
  return { key, spec: { ...spec, training: { ...training, evaluateEvery: Math.max(1, training.steps) } } };
}
