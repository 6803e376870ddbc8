import { english, type Sentence } from '../../../sentence.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';

/** Rows that cannot be used, each with its line, and the way to go on without them. */
export function BadRows({ rows, disabled }: { rows: readonly Sentence[]; disabled: boolean }) {
  const text = useText();
  const studio = useStudio();
  const say = useSaid();
  if (rows.length === 0) return null;
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
      <button type="button" disabled={disabled} onClick={() => void studio.setInvalidRows('skip')}>
        {text.dataStep.skip}
      </button>
    </div>
  );
}
