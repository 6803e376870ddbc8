import type { ValidationPredictions } from '../../../protocol/predictions.ts';
import { formatCount } from '../../format.ts';
import { disagreements } from '../../state/prediction-views.ts';
import { answerRows } from '../../take-along/answer-rows.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { ExampleRows } from './example-rows.tsx';

/** The validation rows that the runs answer differently. */
export function Disagreements({ predictions }: { predictions: ValidationPredictions }) {
  const text = useText();
  const found = disagreements(predictions);
  const nameOf = useMethodName();
  const headers = useStudioState((state) => state.runs);
  const name = (run: string): string =>
    nameOf(headers.find((header) => header.run === run) ?? { run, method: run });
  const all = formatCount(predictions.labels.length);
  return (
    <Panel
      folds
      title={text.compare.disagreeTitle}
      takes={
        found.length === 0
          ? undefined
          : { name: 'disagreements', rows: () => answerRows(predictions, found, text, name) }
      }
    >
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
