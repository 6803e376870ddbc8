import { formatMetric } from '../../format.ts';
import { groupRow, methodGroups } from '../../state/method-groups.ts';
import { lessWins, sortRows } from '../../state/results-rows.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { barsSvg } from '../../take-along/drawn.ts';
import { lightColors } from '../../take-along/pictures.ts';
import { useShownRuns } from '../../use-shown.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { useReferences } from './use-references.ts';
import { Panel } from '../panel.tsx';

/** The best score of every method as bars, the best first; of several seeds their mean. */
export function FinalScores() {
  const text = useText();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const runs = useShownRuns();
  const metric = useStudioState((state) => state.metric);
  const rows = sortRows(
    methodGroups(runs).map((group) => groupRow(group, metric)),
    { column: 'best', descending: !lessWins('best', metric) },
  );
  const references = useReferences(runs, 'validation');
  const values = [...rows.flatMap(({ best }) => best ?? []), ...references.map(({ value }) => value)];
  // From zero, or from the least where scores can be negative: a bar's length is the score.
  const from = Math.min(0, ...values);
  const to = Math.max(...values, from + 1e-9, metric === 'accuracy' || metric === 'f1' ? 1 : -Infinity);
  const drawn = (): string => {
    const colors = lightColors(rows.map(({ run }) => styleOf(run).color));
    const bars = rows.map(({ best, ...row }, i) => ({
      name: nameOf(row),
      parts: best === null ? [] : [{ share: (best - from) / (to - from), color: colors[i] }],
      text: best === null ? '–' : formatMetric(metric, best),
    }));
    const [muted] = lightColors(['var(--muted)']);
    const constant = references.map(({ label, value }) => ({
      name: label,
      parts: [{ share: (value - from) / (to - from), color: muted }],
      text: formatMetric(metric, value),
    }));
    const title = text.compare.finalHelp(text.verdict.spoken(metric, text.metricNames[metric]));
    return barsSvg(title, [...bars, ...constant]);
  };
  return (
    <Panel folds takes={{ name: 'final-scores', drawn: () => [drawn()] }} title={text.compare.finalTitle}>
      <p className="hint">{text.compare.finalHelp(text.verdict.spoken(metric, text.metricNames[metric]))}</p>
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
              {references.map(({ name, value, label, help }) => (
                <i
                  key={name}
                  className={`reference-line ${name}`}
                  title={`${label}: ${formatMetric(metric, value)}. ${help}`}
                  style={{ insetInlineStart: `${(100 * (value - from)) / (to - from)}%` }}
                />
              ))}
            </span>
            <span className="number">{row.best === null ? '–' : formatMetric(metric, row.best)}</span>
          </li>
        ))}
        {references.map(({ name, value, label, help }) => (
          <li key={name} className="reference" data-reference={name} title={help}>
            <span>{label}</span>
            <span className="final-bar" aria-hidden="true">
              <i
                className={`reference-line ${name}`}
                style={{ insetInlineStart: `${(100 * (value - from)) / (to - from)}%` }}
              />
            </span>
            <span className="number">{formatMetric(metric, value)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
