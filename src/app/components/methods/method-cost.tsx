import { formatBytes, formatCount, formatShare } from '../../format.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

/** Trained parameters and memory of a run, by the forecast; nothing until there is one. */
export function MethodCost({ run }: { run: string }) {
  const text = useText();
  const forecast = useStudioState(
    (state) => state.forecast.value?.find((entry) => entry.run === run) ?? null,
  );
  if (forecast === null) return null;
  const { trainableParameters: trained, totalParameters: total, memory } = forecast;
  return (
    <p className="method-cost">
      {text.methods.cost(formatCount(trained), formatShare(trained, total), formatBytes(memory.total))}
    </p>
  );
}
