import type { RunPredictions } from '../../../protocol/predictions.ts';
import { formatMetric } from '../../format.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';

/** Every validation metric of the weights that wrote the texts. */
export function WrittenScores({ runs }: { runs: readonly RunPredictions[] }) {
  const text = useText();
  const studio = useStudio();
  const nameOf = useMethodName();
  const headers = useStudioState((state) => state.runs);
  const names = [...new Set(runs.flatMap(({ run }) => [...(studio.curves(run)?.metrics.keys() ?? [])]))];
  if (names.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={text.written.scores}>
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">{text.columnMethod}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {text.metricNames[name] ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map(({ run, step }) => (
            <tr key={run}>
              <th scope="row">
                <MethodMark run={run} /> {nameOf(headers.find((h) => h.run === run) ?? { run, method: run })}{' '}
                <span className="muted">{text.atStep(step)}</span>
              </th>
              {names.map((name) => {
                const series = studio.curves(run)?.metrics.get(name);
                const at = series?.indexAt('step', step) ?? -1;
                const value = series === undefined || at < 0 ? null : series.ys()[at];
                return (
                  <td key={name} data-value={value ?? ''}>
                    {value === null ? '–' : formatMetric(name, value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
