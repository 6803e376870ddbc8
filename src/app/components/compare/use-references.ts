import { useMemo } from 'react';
import type { RunSnapshot } from '../../state/recorder.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

/** What takes no training, as a line in a chart of scores. */
export interface ReferenceLine {
  name: 'largestClass' | 'untuned';
  value: number;
  label: string;
  /** What it is, in a sentence. */
  help: string;
  dash: readonly number[];
}

const DASHES = { largestClass: [2, 4], untuned: [8, 4] } as const;

/**
 * Always answering the largest class, or the mean, and the model as it came, by the comparison's metric.
 * @param split that the chart is of; null where it is of another metric
 */
export function useReferences(
  runs: readonly RunSnapshot[],
  split: 'validation' | 'test' | null,
): ReferenceLine[] {
  const text = useText().verdict;
  const regression = useStudioState(({ startedSpec }) => startedSpec?.model.task === 'regression');
  // The untuned model of another seed may have another head: the first stands for them.
  const found = split === null ? undefined : runs.find(({ reference }) => reference !== undefined);
  const { largestClass, untuned } = (split !== null && found?.reference?.[split]) || {};
  return useMemo(() => {
    const constant = regression ? text.alwaysMean : text.largestClass;
    const lines = [
      {
        name: 'largestClass',
        value: largestClass,
        label: constant,
        help: regression ? text.meanHelp : text.largestClassHelp,
      },
      { name: 'untuned', value: untuned, label: text.untuned, help: text.untunedHelp },
    ] as const;
    return lines.flatMap(({ value, ...line }): ReferenceLine[] =>
      value === undefined || !Number.isFinite(value) ? [] : [{ ...line, value, dash: DASHES[line.name] }],
    );
  }, [text, regression, largestClass, untuned]);
}
