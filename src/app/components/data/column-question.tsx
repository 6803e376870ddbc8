import type { DataQuestion } from '../../../question.ts';
import { useStudio, useText } from '../../use-studio.tsx';

/** Columns named on buttons at most; all of them stand in the lists below. */
const MOST = 8;

/** Asks which column is meant, where several would do equally well. */
export function ColumnQuestion({ question, disabled }: { question?: DataQuestion; disabled: boolean }) {
  const text = useText().dataStep;
  const studio = useStudio();
  if (question?.kind !== 'column') return null;
  const { what, candidates, known } = question;
  return (
    <div className="column-question" role="group" aria-label={text.whichColumn[what]}>
      <p>
        <strong>{text.whichColumn[what]}</strong>
      </p>
      <div className="choices">
        {candidates.slice(0, MOST).map((name) => (
          <button
            key={name}
            type="button"
            disabled={disabled}
            onClick={() => void studio.sayColumns({ ...known, [what]: what === 'text' ? [name] : name })}
          >
            {name}
          </button>
        ))}
        {what === 'text' && candidates.length === 2 && (
          <button
            type="button"
            disabled={disabled}
            onClick={() => void studio.sayColumns({ ...known, text: [...candidates] })}
          >
            {text.bothColumns}
          </button>
        )}
      </div>
      {candidates.length > MOST && <p className="hint">{text.moreBelow}</p>}
    </div>
  );
}
