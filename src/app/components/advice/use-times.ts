import { useEffect } from 'react';
import { useStudio, useStudioState } from '../../use-studio.tsx';

/** Wait after the forecast of memory, in milliseconds: Start comes first. */
const DELAY = 2500;

const NONE: Readonly<Record<string, number>> = {};

/**
 * Seconds that one run of each method would take, by its name; empty until they are known. Not asked for on a software
 * GPU, where making a few steps ready takes longer than many of them.
 */
export function useTimes(): Readonly<Record<string, number>> {
  const studio = useStudio();
  const forecasts = useStudioState((state) => state.forecast.value);
  const times = useStudioState((state) => state.times);
  const software = useStudioState(
    ({ device: { value } }) => value?.adapter.kind === 'webgpu' && value.adapter.software,
  );
  const known = times !== null && times.of === forecasts;
  useEffect(() => {
    if (forecasts === null || software || known) return;
    const timer = setTimeout(() => void studio.forecastTimes(), DELAY);
    return () => clearTimeout(timer);
  }, [studio, forecasts, software, known]);
  return known ? times.seconds : NONE;
}
