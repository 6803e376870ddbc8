/** The look of every run on the page: those that run or ran, and those the form would start. Seeds of a method look alike. */
import { useMemo } from 'react';
import { runStyles, type RunStyle } from './charts/run-style.ts';
import { groupName } from './state/method-groups.ts';
import { useStudioState } from './use-studio.tsx';

const UNKNOWN: RunStyle = { slot: -1, color: 'var(--muted)', dash: [2, 2] };

export function useRunStyle(): (run: string) => RunStyle {
  const keys = useStudioState((state) => [
    ...state.runs.map(({ run }) => run),
    ...(state.forecast.value ?? []).map(({ run }) => run),
    ...state.refusals.map(({ run }) => run),
    ...state.overlays.map(({ run }) => run),
  ])
    .map(groupName)
    .join('\n');
  return useMemo(() => {
    const listed = keys === '' ? [] : keys.split('\n');
    const styles = runStyles(listed);
    return (run) => {
      const name = groupName(run);
      return styles.get(name) ?? runStyles([...listed, name]).get(name) ?? UNKNOWN;
    };
  }, [keys]);
}
