/** `delta compare`: several methods on the same rows, a folder each, a summary and a report. */
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { reportHtml } from '../../src/runs/report.ts';
import { comparisonSpecs, runMethod } from '../../src/runs/spec.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { methodList, UsageError, type Arguments } from '../arguments.ts';
import { loadSpec } from '../load.ts';
import { mebibytes, print, printJson, progress, tableText } from '../output.ts';
import { writeJson, writeText } from '../run-folder.ts';
import { failureOf, trainRuns, type TrainedRun } from '../train-runs.ts';

export async function compareVerb({ flags, json }: Arguments): Promise<number> {
  const { input, base } = await loadSpec(flags.spec!);
  if (flags.methods === undefined && input.compare === undefined) {
    throw new UsageError('compare: --methods is missing, and the spec has no "compare" list');
  }
  const runs = comparisonSpecs(input, methodList(flags.methods));
  const out = path.resolve(flags.out!);
  const trained = await trainRuns(runs, {
    base,
    adapter: flags.adapter,
    order: input.compareOrder ?? 'inTurn',
    folderOf: (key) => path.join(out, key),
  });
  const name = input.name ?? 'comparison';
  const created = trained.runs[0].record.created;
  const summary = {
    format: 1,
    name,
    created,
    metric: runs[0].spec.training.metric,
    environment: trained.environment,
    notes: trained.notes,
    runs: trained.runs.map((run) => summaryRow(run, trained.runs[0])),
  };
  writeJson(path.join(out, 'summary.json'), summary);
  const reported = trained.runs.map(({ outcome, record, events }) => ({
    key: outcome.key,
    spec: outcome.spec,
    summary: record.summary,
    events,
  }));
  const { environment, notes } = trained;
  writeText(path.join(out, 'report.html'), reportHtml(reported, { name, created, environment, notes }));
  if (json) printJson({ out, ...summary });
  else print(`${comparisonTable(trained.runs)}\nWritten to ${out}`);
  const failure = failureOf(trained.runs);
  if (failure === null) return 0;
  if (trained.runs.length > 1) progress('The other runs are complete.');
  throw new StudioError('training', failure);
}

function summaryRow({ outcome, record }: TrainedRun, baseline: TrainedRun) {
  const { summary, spec } = record;
  const first = baseline.record.summary;
  return {
    key: outcome.key,
    folder: outcome.key,
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
  const rows = runs.map(({ outcome, record: { summary } }) => [
    outcome.key,
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
