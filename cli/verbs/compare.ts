/** `delta compare`: several methods on the same rows, a folder each, a summary and a report. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { said } from '../../src/app/i18n/said.ts';
import { StudioError } from '../../src/errors.ts';
import { methodsOf, type ComparedRun } from '../../src/evidence/compared-runs.ts';
import { judge, judgeTasks, storedVerdict } from '../../src/evidence/comparison-summary.ts';
import { reportHtml } from '../../src/evidence/report/report.ts';
import {
  comparisonBaseline,
  comparisonSpecs,
  runMethod,
  runName,
  type SpecInput,
} from '../../src/runs/spec.ts';
import { languageOf, UsageError, type Arguments } from '../arguments.ts';
import { comparisonTable, taskTable, verdictLines } from '../comparison-text.ts';
import { readEvents } from '../earlier-runs.ts';
import { print, printJson, progress } from '../output.ts';
import { ADAPTER_NAME } from '../run-folder.ts';
import { failureOf, trainRuns, type TrainedRun } from '../train-runs.ts';
import { writeJson, writeWhole } from '../whole-file.ts';
import { openWork, type Work } from '../work.ts';

export async function compareVerb(args: Arguments): Promise<number> {
  const { flags, json } = args;
  const language = languageOf(flags.lang);
  const work = await openWork('compare', args, (spec, methods) => {
    if (methods === undefined && spec.compare === undefined) {
      throw new UsageError('compare: --methods is missing, and the spec has no "compare" list');
    }
    const runs = comparisonSpecs(spec, methods);
    comparisonBaseline(spec, runs);
    return runs;
  });
  try {
    return await compareRuns(work, { adapter: flags.adapter, tune: flags.tune, json, language });
  } finally {
    work.out.release();
  }
}

async function compareRuns(
  work: Work,
  {
    adapter,
    tune,
    json,
    language,
  }: { adapter: string | undefined; tune: string | undefined; json: boolean; language: 'en' | 'zh' },
): Promise<number> {
  const out = work.out.place;
  const folderOf = (key: string) => path.join(out, key);
  const trained = await trainRuns(work, {
    verb: 'compare',
    adapter,
    tune,
    order: work.spec.compareOrder ?? 'inTurn',
    folderOf,
  });
  const name = work.spec.name ?? 'comparison';
  const { created, environment, notes } = trained.session;
  const runs = trained.runs.map(({ key, record }): ComparedRun => ({
    key,
    spec: record.spec,
    summary: record.summary,
    events: readEvents(folderOf(key)),
    classNames: record.labels?.names ?? null,
    ...(record.tasks && { taskClasses: record.tasks.map(({ labels }) => labels?.names ?? null) }),
    adapterBytes: bytesIn(path.join(folderOf(key), ADAPTER_NAME)),
    forecastSeconds: trained.session.forecasts?.[key] ?? null,
  }));
  const asked = { baseline: baselineOf(work.spec, runs) };
  const judged = judge(runs, asked);
  const tasks = judgeTasks(runs, asked);
  const summary = {
    format: 1,
    name,
    created,
    ...judged.summary,
    verdict: storedVerdict(judged),
    ...(tasks.length > 0 && {
      tasks: tasks.map((task) => ({ name: task.name, ...task.summary, verdict: storedVerdict(task) })),
    }),
    environment,
    notes,
    runs: trained.runs.map((run) => summaryRow(run, baselineRun(run, trained.runs, judged.summary.baseline))),
  };
  writeJson(path.join(out, 'summary.json'), summary);
  const report = reportHtml(runs, judged, { name, created, environment, notes, tasks, language, said });
  writeWhole(path.join(out, 'report.html'), report);
  if (json) printJson({ out, ...summary });
  else
    print(
      `${verdictLines(judged, language)}\n\n${comparisonTable(judged)}\n${taskTable(trained.runs)}Written to ${out}`,
    );
  if (trained.stopped) progress(`Go on with: delta compare --resume ${out}`);
  const failure = failureOf(trained.runs);
  if (failure === null) return 0;
  if (trained.runs.length > 1) progress('The other runs are complete.');
  throw new StudioError('training', failure);
}

/** The one that is asked for, once it has begun. */
function baselineOf({ baseline }: SpecInput, runs: readonly ComparedRun[]): string | undefined {
  const begun = methodsOf(runs).some(({ name, type }) => name === baseline || type === baseline);
  return begun ? baseline : undefined;
}

/** Bytes of the files in a folder; null where there is none. */
function bytesIn(folder: string): number | null {
  if (!existsSync(folder)) return null;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(path.join(folder, name)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
}

/** The baseline's run with the same seed. */
function baselineRun(
  { record }: TrainedRun,
  runs: readonly TrainedRun[],
  baseline: string,
): TrainedRun | undefined {
  const { seed } = record.spec.training;
  return runs.find((run) => runName(run) === baseline && run.record.spec.training.seed === seed);
}

function summaryRow({ key, record }: TrainedRun, baseline: TrainedRun | undefined) {
  const { summary, spec } = record;
  const first = baseline?.record.summary;
  return {
    key,
    folder: key,
    method: runMethod(spec),
    options: spec.method ?? spec.stages,
    learningRate: spec.training.optimizer.learningRate ?? null,
    share: summary.totalParameters > 0 ? summary.trainableParameters / summary.totalParameters : null,
    difference: summary.best && first?.best ? summary.best.value - first.best.value : null,
    adapterStep: record.adapterStep,
    ...summary,
  };
}
