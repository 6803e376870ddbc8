/** What the comparison shows: of several tasks the one that is looked at, or their mean. */
import { useMemo } from 'react';
import type { JudgedTask } from '../evidence/comparison-summary.ts';
import type { ValidationPredictions } from '../protocol/predictions.ts';
import { runOfTask, type RunSnapshot } from './state/recorder.ts';
import { useStudioState } from './use-studio.tsx';

/** The runs as they stand for the task that is looked at. */
export function useShownRuns(): readonly RunSnapshot[] {
  const runs = useStudioState((state) => state.runs);
  return useOfTask(runs);
}

/** Any runs as they stand for the task that is looked at; as they are where that is the mean, or there is one task. */
export function useOfTask(runs: readonly RunSnapshot[]): readonly RunSnapshot[] {
  const task = useStudioState((state) => state.shownTask);
  return useMemo(() => (task === null ? runs : runs.map((run) => runOfTask(run, task))), [runs, task]);
}

/** What is said of the task that is looked at, or of the comparison as a whole. */
export function useJudged(): Omit<JudgedTask, 'name'> | null {
  return useStudioState(({ judged, shownTask }) =>
    shownTask === null ? judged : (judged?.tasks?.find(({ name }) => name === shownTask) ?? null),
  );
}

/** Answers to the rows of the task that is looked at; of their mean those to the first one's. */
export function useShownPredictions(): ValidationPredictions | null {
  return useStudioState(({ predictions, morePredictions, shownTask }) =>
    shownTask === null
      ? predictions
      : ([predictions, ...morePredictions].find((one) => one?.task === shownTask) ?? null),
  );
}
