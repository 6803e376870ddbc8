/** The row that a training leaves: its scores, and its curve by steps, tokens and seconds. */
import type { RunSummary } from '../runs/summary.ts';
import { say, type Sentence } from '../sentence.ts';
import type { RunEvent } from '../train/events.ts';
import type { Cell, CurvePoint, Row } from './study.ts';

export function rowOfRun(cell: Cell, summary: RunSummary, events: readonly RunEvent[], created: string): Row {
  const { metric, optimizer } = cell.spec.training;
  const diverged = summary.reason === 'nonFinite';
  const failed = summary.reason === 'failed' || summary.reason === 'deviceLost';
  const why: Sentence | undefined =
    summary.sentence ?? (summary.message === undefined ? undefined : say`${summary.message}`);
  return {
    ...emptyRow(cell, created),
    status: diverged ? 'diverged' : failed ? 'failed' : 'done',
    ...((diverged || failed) && { why: why ?? say`the training failed` }),
    scores: summary.scores ?? {},
    ...(summary.tasks && { tasks: summary.tasks.map(({ name, scores }) => ({ name, scores })) }),
    curve: curveOf(events, metric),
    ...(summary.stages && { stages: summary.stages.map(({ best }) => best?.value ?? null) }),
    ...(summary.reference && { reference: summary.reference }),
    trainableParameters: summary.trainableParameters,
    totalParameters: summary.totalParameters,
    ...(summary.memory && { memory: summary.memory.allocated }),
    seconds: summary.seconds,
    steps: summary.steps,
    learningRate: optimizer.learningRate ?? null,
  };
}

/** A row of which nothing is known yet. */
export function emptyRow(cell: Cell, created: string): Row {
  return {
    cell: cell.id,
    kind: cell.kind,
    factors: cell.factors,
    created,
    status: 'done',
    metric: cell.spec.training.metric,
    scores: {},
    curve: [],
    trainableParameters: 0,
    totalParameters: 0,
    seconds: 0,
    steps: 0,
    learningRate: null,
  };
}

/** Evaluations on the validation rows, each with what had been spent by then. */
function curveOf(events: readonly RunEvent[], metric: string): CurvePoint[] {
  const curve: CurvePoint[] = [];
  let tokens = 0;
  let milliseconds = 0;
  for (const event of events) {
    if (event.type === 'step') {
      tokens += event.tokens;
      milliseconds += event.milliseconds;
    }
    if (event.type !== 'evaluate' || event.split !== 'validation') continue;
    const value = event.metrics[metric];
    const point = { step: event.step, tokens, seconds: milliseconds / 1000, value };
    // The weights that are kept at the end may be scored a second time.
    if (Number.isFinite(value) && curve.every(({ step }) => step < event.step)) curve.push(point);
  }
  return curve;
}
