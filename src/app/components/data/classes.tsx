import type { DataSummary } from '../../../protocol/messages.ts';
import { formatCount, formatShare } from '../../format.ts';
import { useText } from '../../use-studio.tsx';

/** How many classes are listed; a dataset with more says how many are not. */
const SHOWN_CLASSES = 8;
/** A class with less than this share of an even one's rows is pointed out. */
const SCARCE = 0.2;

/** Class balance: rows of each class as bars, training and validation. */
export function Classes({ data }: { data: Pick<DataSummary, 'classes' | 'labelSource'> }) {
  const text = useText();
  const most = data.classes.reduce((largest, { train }) => Math.max(largest, train), 1);
  const total = data.classes.reduce((sum, { train }) => sum + train, 0);
  const hidden = data.classes.length - SHOWN_CLASSES;
  const scarcest = data.classes.reduce((least, entry) => (entry.train < least.train ? entry : least));
  const scarce = scarcest.train * data.classes.length < SCARCE * total;
  return (
    <div className="classes">
      <h3>{text.classes}</h3>
      <ul>
        {data.classes.slice(0, SHOWN_CLASSES).map(({ label, train, validation }) => (
          <li key={label} title={text.classCount(label, train, validation)}>
            <span className="class-label">{label}</span>
            <span className="class-bar" aria-hidden="true">
              <span style={{ inlineSize: `${(100 * train) / most}%` }} />
            </span>
            <span className="number">
              {formatCount(train)} <span className="muted">+ {formatCount(validation)}</span>
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="hint">{text.dataStep.moreClasses(hidden)}</p>}
      {data.labelSource === 'sorted' && <p className="hint">{text.dataStep.labelsAre.sorted}</p>}
      {data.labelSource === 'id2label' && <p className="hint">{text.dataStep.labelsAre.id2label}</p>}
      {scarce && (
        <p className="hint">{text.dataStep.imbalance(scarcest.label, formatShare(scarcest.train, total))}</p>
      )}
    </div>
  );
}
