import type { ValidationPredictions } from '../../../protocol/predictions.ts';
import { formatCount } from '../../format.ts';
import { disagreements } from '../../state/prediction-views.ts';
import { useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { ExampleRows } from './example-rows.tsx';

/** The validation rows that the runs answer differently. */
export function Disagreements({ predictions }: { predictions: ValidationPredictions }) {
  const text = useText();
  const found = disagreements(predictions);
  const all = formatCount(predictions.labels.length);
  return (
    <Panel folds title={text.compare.disagreeTitle}>
      {found.length === 0 ? (
        <p className="muted empty">
          {predictions.runs.length < 2 ? text.compare.disagreeOne : text.compare.disagreeNone}
        </p>
      ) : (
        <ExampleRows
          caption={text.compare.disagreeCount(formatCount(found.length), all)}
          predictions={predictions}
          rows={found.map(({ row }) => row)}
          runs={predictions.runs}
        />
      )}
    </Panel>
  );
}
