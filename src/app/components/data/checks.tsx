import type { DataAnalysis } from '../../../protocol/data.ts';
import { formatCount } from '../../format.ts';
import { useText } from '../../use-studio.tsx';

/** Repeated rows and rows that stand in both parts, with lines. */
export function Checks({ analysis }: { analysis: DataAnalysis }) {
  const text = useText().dataStep;
  const { repeats, overlap } = analysis;
  const overlapping = overlap !== null && overlap.rows > 0;
  if (repeats.rows === 0 && !overlapping) return <p className="hint">{text.good}</p>;
  return (
    <ul className="checks">
      {repeats.rows > 0 && (
        <li>
          <p>
            {text.repeats(formatCount(repeats.rows))}{' '}
            {repeats.conflicting > 0 && text.conflicts(formatCount(repeats.conflicting))}
          </p>
          <ul className="hint">
            {repeats.examples.map(({ first, again, conflicting }) => (
              <li key={`${first} ${again}`}>
                {conflicting ? text.linesConflict(first, again) : text.linesAgain(first, again)}
              </li>
            ))}
          </ul>
        </li>
      )}
      {overlapping && (
        <li>
          <p>{text.overlap(formatCount(overlap.rows))}</p>
          <ul className="hint">
            {overlap.examples.map(({ train, validation }) => (
              <li key={`${train} ${validation}`}>{text.linesOverlap(train, validation)}</li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}
