import type { ReadingChoices } from '../../../data/reading.ts';
import type { DataQuestion } from '../../../question.ts';
import { english, type Sentence } from '../../../sentence.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';

interface BadRowsProps {
  rows: readonly Sentence[];
  /** What is asked about them, where that is more than whether they are needed. */
  question?: DataQuestion;
  disabled: boolean;
  /** Of a further task; the first one's where left out. */
  onReading?: (changed: ReadingChoices) => void;
}

/** Rows that cannot be used, each with its line, and the ways to go on without them. */
export function BadRows({ rows, question, disabled, onReading }: BadRowsProps) {
  const text = useText();
  const studio = useStudio();
  const read = onReading ?? ((changed: ReadingChoices) => void studio.setReading(changed));
  const say = useSaid();
  if (rows.length === 0) return null;
  const missing = question?.kind === 'missing' ? question.labels : null;
  const named = missing?.filter((label) => label !== '') ?? [];
  return (
    <div className="bad-rows">
      {rows.length > 1 && (
        <details>
          <summary>{text.dataStep.badRows}</summary>
          <ul>
            {rows.map((row) => (
              <li key={english(row)}>{say(row)}</li>
            ))}
          </ul>
        </details>
      )}
      <div className="choices">
        <button
          type="button"
          disabled={disabled}
          onClick={() => read(missing === null ? { invalidRows: 'skip' } : { missing: 'drop' })}
        >
          {text.dataStep.skip}
        </button>
        {named.length > 0 && (
          <button type="button" disabled={disabled} onClick={() => read({ missingValues: [] })}>
            {text.dataStep.keepAsClass(named.map((label) => `“${label}”`).join(', '))}
          </button>
        )}
      </div>
    </div>
  );
}
