import { useEffect, useState } from 'react';
import { useStudio, useStudioState } from '../../use-studio.tsx';

/** Wait after the forecast of memory, in milliseconds: Start comes first. */
const DELAY = 2500;

type Times = Readonly<Record<string, number>>;
const NONE: Times = {};

/**
 * Seconds that each run would take, by key; empty until they are known. Not asked for on a software GPU, where making
 * a few steps ready takes longer than many of them.
 */
export function useTimes(): Times {
  const studio = useStudio();
  const forecasts = useStudioState((state) => state.forecast.value);
  const software = useStudioState(
    ({ device: { value } }) => value?.adapter.kind === 'webgpu' && value.adapter.software,
  );
  const [known, setKnown] = useState<{ of: unknown; seconds: Times }>({ of: null, seconds: NONE });
  useEffect(() => {
    if (forecasts === null || software) return;
    let current = true;
    const put = (seconds: Times): void => {
      if (current) setKnown({ of: forecasts, seconds });
    };
    // What is wrong is said where memory is forecast, or at Start.
    const timer = setTimeout(() => void studio.forecastTimes().then(put, () => put(NONE)), DELAY);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [studio, forecasts, software]);
  return known.of === forecasts ? known.seconds : NONE;
}
