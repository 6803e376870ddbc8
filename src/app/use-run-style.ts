/** The look of every run on the page: those that run or ran, and those the form would start. */
import { useMemo } from 'react';
import { runStyles, type RunStyle } from './charts/run-style.ts';
import { useStudioState } from './use-studio.tsx';

const UNKNOWN: RunStyle = { slot: -1, color: 'var(--muted)', dash: [2, 2] };

export function useRunStyle(): (run: string) => RunStyle {
  const keys = useStudioState((state) => [
    ...state.runs.map(({ run }) => run),
    ...(state.forecast.value ?? []).map(({ run }) => run),
    ...state.refusals.map(({ run }) => run),
    ...state.overlays.map(({ run }) => run),
  ]).join('\n');
  return useMemo(() => {
    const listed = keys === '' ? [] : keys.split('\n');
    const styles = runStyles(listed);
    return (run) => styles.get(run) ?? runStyles([...listed, run]).get(run) ?? UNKNOWN;
  }, [keys]);
}
