/** `delta compare`: several methods on the same rows, a folder each, a summary and a report. */
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { reportHtml } from '../../src/runs/report.ts';
import { comparisonSpecs, runMethod } from '../../src/runs/spec.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { readEvents } from '../earlier-runs.ts';
import { mebibytes, print, printJson, progress, tableText } from '../output.ts';
import { failureOf, trainRuns, type TrainedRun } from '../train-runs.ts';
import { writeJson, writeWhole } from '../whole-file.ts';
import { openWork, type Work } from '../work.ts';

export async function compareVerb(args: Arguments): Promise<number> {
  const { flags, json } = args;
  const work = await openWork('compare', args, (spec, methods) => {
    if (methods === undefined && spec.compare === undefined) {
      throw new UsageError('compare: --methods is missing, and the spec has no "compare" list');
    }
    return comparisonSpecs(spec, methods);
  });
  try {
    return await compareRuns(work, flags.adapter, json);
  } finally {
    work.out.release();
  }
}

async function compareRuns(work: Work, adapter: string | undefined, json: boolean): Promise<number> {
  const out = work.out.place;
  const folderOf = (key: string) => path.join(out, key);
  const trained = await trainRuns(work, {
    verb: 'compare',
    adapter,
    order: work.spec.compareOrder ?? 'inTurn',
    folderOf,
  });
  const name = work.spec.name ?? 'comparison';
  const { created, environment, notes } = trained.session;
  const summary = {
    format: 1,
    name,
    created,
    metric: work.runs[0].spec.training.metric,
    environment,
    notes,
    runs: trained.runs.map((run) => summaryRow(run, trained.runs[0])),
  };
  writeJson(path.join(out, 'summary.json'), summary);
  const reported = trained.runs.map(({ key, record }) => ({
    key,
    spec: record.spec,
    summary: record.summary,
    events: readEvents(folderOf(key)),
  }));
  writeWhole(path.join(out, 'report.html'), reportHtml(reported, { name, created, environment, notes }));
  if (json) printJson({ out, ...summary });
  else print(`${comparisonTable(trained.runs)}\nWritten to ${out}`);
  if (trained.stopped) progress(`Go on with: delta compare --resume ${out}`);
  const failure = failureOf(trained.runs);
  if (failure === null) return 0;
  if (trained.runs.length > 1) progress('The other runs are complete.');
  throw new StudioError('training', failure);
}

function summaryRow({ key, record }: TrainedRun, baseline: TrainedRun) {
  const { summary, spec } = record;
  const first = baseline.record.summary;
  return {
    key,
    folder: key,
    method: runMethod(spec),
    options: spec.method ?? spec.stages,
    learningRate: spec.training.optimizer.learningRate ?? null,
    share: summary.totalParameters > 0 ? summary.trainableParameters / summary.totalParameters : null,
    difference: summary.best && first.best ? summary.best.value - first.best.value : null,
    adapterStep: record.adapterStep,
    ...summary,
  };
}

function comparisonTable(runs: readonly TrainedRun[]): string {
  const { metric } = runs[0].record.spec.training;
  const head = [
    'method',
    'trained',
    `best ${metric}`,
    'at step',
    `last ${metric}`,
    'last loss',
    'time',
    'memory',
  ];
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : shortNumber(value);
  const rows = runs.map(({ key, record: { summary } }) => [
    key,
    summary.trainableParameters.toLocaleString('en'),
    number(summary.best?.value),
    number(summary.best?.step),
    number(summary.last?.metrics[metric]),
    number(summary.lastLoss),
    `${shortNumber(summary.seconds)} s`,
    summary.memory ? mebibytes(summary.memory.allocated.total) : '–',
  ]);
  return tableText([head, ...rows]);
}
