import { formatMetric } from '../../format.ts';
import { lessWins, resultRow, sortRows } from '../../state/results-rows.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';

/** The best score of every run as bars, the best first. */
export function FinalScores() {
  const text = useText();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const runs = useStudioState((state) => state.runs);
  const metric = useStudioState((state) => state.metric);
  const rows = sortRows(
    runs.map((run) => resultRow(run, metric)),
    { column: 'best', descending: !lessWins('best', metric) },
  );
  const values = rows.flatMap(({ best }) => best ?? []);
  // From zero, or from the least where scores can be negative: a bar's length is the score.
  const from = Math.min(0, ...values);
  const to = Math.max(...values, from + 1e-9, metric === 'accuracy' || metric === 'f1' ? 1 : -Infinity);
  return (
    <Panel folds title={text.compare.finalTitle}>
      <p className="hint">{text.compare.finalHelp((text.metricNames[metric] ?? metric).toLowerCase())}</p>
      <ul className="final-scores">
        {rows.map((row) => (
          <li key={row.run}>
            <span>{nameOf(row)}</span>
            <span className="final-bar" aria-hidden="true">
              <span
                style={{
                  inlineSize: `${row.best === null ? 0 : (100 * (row.best - from)) / (to - from)}%`,
                  background: styleOf(row.run).color,
                }}
              />
            </span>
            <span className="number">{row.best === null ? '–' : formatMetric(metric, row.best)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
