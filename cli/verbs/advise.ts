/** `delta advise`: short pilots of methods and rates, and the spec that they come to. */
import type { MethodStart } from '../../src/runs/spec-method.ts';
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { saidBefore } from '../../src/advice/examine.ts';
import { advise as findAdvice, PILOT_METHODS, scored } from '../../src/advice/advise.ts';
import { preparedForPilots } from '../../src/advice/pilots.ts';
import type { PilotRecord } from '../../src/advice/pilot-record.ts';
import { scoreText } from '../../src/evidence/figures.ts';
import { builtinName } from '../../src/models/files.ts';
import { comparisonSpecs, MOST_NOTES, type RunSpec } from '../../src/runs/spec.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { english } from '../../src/sentence.ts';
import { methodList, positiveNumber, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadSpec, openFolder } from '../load.ts';
import { filesOf, openRuns } from '../methods-asked.ts';
import { OutFolder } from '../out-folder.ts';
import { mebibytes, print, printJson, progress, tableText } from '../output.ts';
import { appendPilot, headLine, PILOTS_NAME, readPilots, type Asked } from '../pilots-file.ts';
import { Interrupts } from '../signals.ts';
import { writeJson } from '../whole-file.ts';

const MINUTES = 5;
export const RECOMMENDED_NAME = 'recommended.json';
/** Held out where the spec says nothing: pilots are compared by rows that they were not trained on. */
const VALIDATION_SHARE = 0.1;

interface Advising {
  asked: Omit<Asked, 'candidates'>;
  known: PilotRecord[];
  candidates: string[] | null;
  out: OutFolder;
}

export async function advise({ flags, json }: Arguments): Promise<number> {
  const most = flags.memory === undefined ? totalmem() / 2 : positiveNumber('memory', flags.memory) * 2 ** 20;
  const advising = await openAdvice(flags);
  const interrupts = new Interrupts();
  try {
    const { asked, known } = advising;
    const loaded = { input: asked.spec, base: asked.base };
    const runs = comparisonSpecs(
      asked.spec,
      asked.methods ?? (asked.spec.compare ? undefined : PILOT_METHODS),
    );
    const { prepared, runs: started } = await openRuns(loaded, runs.map(scored));
    const [{ spec: first }] = started;
    const { faults, all } = saidBefore(prepared, first);
    const notes = all.map(english);
    for (const note of notes) progress(`Note: ${note}`);
    const pilots = preparedForPilots(prepared, first.training.seed);
    const open = { openFolder: (folder: string) => openFolder(path.resolve(asked.base, folder)) };
    let stopped = false;
    interrupts.onFirst(() => {
      progress('Stopping after this step; what the pilots have shown so far is written.');
      stopped = true;
    });
    const from = performance.now();
    return await withStudio(flags, async (studio) => {
      // Reading took some of the minutes already.
      const seconds = 60 * asked.minutes - (performance.now() - from) / 1000;
      const { metric } = first.training;
      const used = known.reduce((sum, pilot) => sum + pilot.seconds, 0);
      const advised = await findAdvice(studio, pilots, started, runs, {
        ...open,
        most,
        seconds,
        known,
        begun: advising.candidates,
        goesOn: () => !stopped,
        chosen: (candidates, left) => {
          const keys = candidates.map(({ key }) => key);
          if (advising.candidates === null)
            advising.out.begin(PILOTS_NAME, headLine({ ...asked, candidates: keys }));
          progress(
            `${keys.length === 1 ? '1 candidate' : `${keys.length} candidates`} in ${shortNumber((left - used) / 60)} minutes`,
          );
        },
        heard: (record) => {
          appendPilot(advising.out.place, record);
          progress(`${record.key}: ${record.steps} steps, ${scoreOf(record, metric)}`);
        },
      });
      const { ranking, complete, learned, pilots: records } = advised;
      const reasons = advised.reasons.map(english);
      // What no method can mend stands before the method.
      const wrong = faults.map(english);
      const recommended = {
        ...relocated(advised.spec, asked.base, advising.out.place),
        notes: [...wrong, ...(advised.spec.notes ?? [])].slice(0, MOST_NOTES),
      };
      writeJson(path.join(advising.out.place, RECOMMENDED_NAME), recommended);
      const [reason] = reasons;
      if (json)
        printJson({
          out: advising.out.place,
          recommended,
          notes,
          reason,
          reasons,
          learned,
          complete,
          pilots: records,
        });
      else
        print(
          `${[...wrong, pilotTable(ranking, metric), ...reasons].join('\n')}\nWritten to ${advising.out.place}`,
        );
      if (!complete) progress(`Go on with: delta advise --resume ${advising.out.place} --minutes N`);
      return 0;
    });
  } finally {
    interrupts.close();
    advising.out.release();
  }
}

/** A new folder, or one to go on with. @throws StudioError('storage'), ('spec') */
async function openAdvice(flags: Arguments['flags']): Promise<Advising> {
  const minutes = flags.minutes === undefined ? MINUTES : positiveNumber('minutes', flags.minutes);
  if (flags.resume !== undefined) {
    const shown = flags.resume === '' ? flags.out! : flags.resume;
    const out = OutFolder.reopen(shown);
    try {
      const { asked, pilots } = readPilots(out.place);
      const total = flags.minutes === undefined ? asked.minutes : minutes + spentMinutes(pilots);
      return { asked: { ...asked, minutes: total }, known: pilots, candidates: asked.candidates, out };
    } catch (error) {
      out.release();
      throw error;
    }
  }
  const methods = methodList(flags.methods) ?? null;
  const loaded = await loadSpec(flags.spec!);
  const { input, base } = loaded;
  const validated = <Data extends NonNullable<typeof input.data>>(data: Data): Data => ({
    ...data,
    validation: data.validation ?? VALIDATION_SHARE,
  });
  const spec: typeof input = {
    ...input,
    ...(input.data && { data: validated(input.data) }),
    ...(input.tasks && { tasks: input.tasks.map(validated) }),
  };
  const out = OutFolder.claim(flags.out!, {
    force: flags.force === true,
    reads: filesOf(flags.spec!, loaded),
  });
  return { asked: { spec, base, methods, minutes }, known: [], candidates: null, out };
}

function spentMinutes(pilots: readonly PilotRecord[]): number {
  return pilots.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
}

/** The spec with its paths as they are seen from another folder. */
function relocated(spec: RunSpec, from: string, to: string): RunSpec {
  const moved = (name: string): string => {
    const place = path.resolve(from, name);
    return existsSync(place) ? path.relative(to, place) || '.' : name;
  };
  const { model, data } = spec;
  const file = (name: string | number | undefined) => (typeof name === 'string' ? moved(name) : name);
  const starts = <Method>(method: Method): Method => {
    if (Array.isArray(method)) return method.map(starts) as Method;
    const { init, initLike, prompts } = method as MethodStart & { prompts?: string[] };
    return {
      ...method,
      ...(init !== undefined && { init: Array.isArray(init) ? init.map(moved) : moved(init) }),
      ...(initLike !== undefined && { initLike: moved(initLike) }),
      ...(prompts !== undefined && { prompts: prompts.map(moved) }),
    };
  };
  return {
    ...spec,
    model: { ...model, source: builtinName(model.source) !== undefined ? model.source : moved(model.source) },
    data: {
      ...data,
      train: moved(data.train),
      ...(data.validation !== undefined && { validation: file(data.validation) }),
      ...(data.test !== undefined && { test: file(data.test) }),
    },
    ...(spec.method && { method: starts(spec.method) }),
    ...(spec.stages && {
      stages: spec.stages.map((stage) => ({ ...stage, method: starts(stage.method) })),
    }),
  };
}

function scoreOf({ metrics }: PilotRecord, metric: string): string {
  if (metrics === null) return 'it diverged';
  const value = metrics[metric] ?? metrics.loss;
  return `${metrics[metric] === undefined ? 'loss' : metric} ${shortNumber(value)}`;
}

function scoreWithInterval({ metrics, interval }: PilotRecord, metric: string): string {
  const value = metrics![metric];
  if (value === undefined) return `loss ${shortNumber(metrics!.loss)}`;
  if (!interval) return scoreText(metric, value);
  const [low, high] = interval.map((end) => scoreText(metric, end));
  return `${scoreText(metric, value)} [${low}, ${high}]`;
}

function pilotTable(ranking: readonly PilotRecord[], metric: string): string {
  const rows = ranking.map((one) => [
    one.method,
    one.learningRate === null ? '–' : String(one.learningRate),
    String(one.steps),
    one.metrics === null ? 'diverged' : scoreWithInterval(one, metric),
    mebibytes(one.bytes),
    `${shortNumber(one.seconds)} s`,
  ]);
  return tableText([['method', 'rate', 'steps', metric, 'memory', 'time'], ...rows]);
}
