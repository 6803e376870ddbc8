import { useState } from 'react';
import type { RateCurve } from '../../../advice/range-test.ts';
import { problemOf, type Problem } from '../../state/studio-state.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import type { Dictionary } from '../../i18n/en.ts';
import { ProblemNote } from '../problem-note.tsx';
import { TakeAlong } from '../take-along.tsx';

const WIDTH = 320;
const HEIGHT = 90;

/** Finds a method's learning rate by a range test: the curve, and what it suggests to be taken over by one press. */
export function RateFinder({ id, run, name }: { id: string; run: string; name: string }) {
  const text = useText().advice;
  const studio = useStudio();
  const ready = useStudioState(
    (state) => state.session === 'idle' && (state.forecast.value?.some((one) => one.run === run) ?? false),
  );
  const [finding, setFinding] = useState(false);
  const [found, setFound] = useState<RateCurve | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const find = async (): Promise<void> => {
    setFinding(true);
    setProblem(null);
    try {
      setFound(await studio.findRate(run));
    } catch (error) {
      setProblem(problemOf(error));
    }
    setFinding(false);
  };
  return (
    <div className="rate-finder">
      <button
        type="button"
        className="link"
        aria-label={text.findRateOf(name)}
        disabled={!ready || finding}
        onClick={() => void find()}
      >
        {finding ? text.finding : text.findRate}
      </button>
      <ProblemNote problem={problem} />
      {found !== null && found.curve.length > 1 && (
        <Found {...{ found, run, name }} take={(rate) => studio.setMethodField(id, 'learningRate', rate)} />
      )}
    </div>
  );
}

const shown = (rate: number): string => String(Number(rate.toPrecision(2)));

interface FoundProps {
  found: RateCurve;
  run: string;
  /** Of the method. */
  name: string;
  take: (rate: string) => void;
}

function rateRows({ curve }: RateCurve, text: Dictionary['advice']): string[][] {
  return [[text.rate, text.smoothedLoss], ...curve.map((point) => point.map(String))];
}

/** The curve over the logarithm of the rate, with the suggestion. */
function Found({ found, run, name, take }: FoundProps) {
  const text = useText().advice;
  const { curve, suggested, diverges } = found;
  const [low, high] = [curve[0][0], curve[curve.length - 1][0]];
  const losses = curve.map(([, loss]) => loss);
  const least = Math.min(...losses);
  // The end of a test that diverged would press all else flat.
  const most = Math.min(Math.max(...losses), 1.5 * losses[0]);
  const x = (rate: number): number => (Math.log(rate / low) / Math.log(high / low)) * WIDTH;
  const y = (loss: number): number =>
    HEIGHT - ((Math.min(loss, most) - least) / Math.max(most - least, 1e-9)) * HEIGHT;
  const points = curve.map(([rate, loss]) => `${x(rate).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
  return (
    <figure className="takes">
      <svg
        data-drawing=""
        viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`}
        role="img"
        aria-label={text.rateCurve(shown(low), shown(high))}
        width={WIDTH}
      >
        <polyline points={points} fill="none" stroke="currentColor" strokeWidth={1.5} />
        {suggested !== null && (
          <line
            x1={x(suggested)}
            x2={x(suggested)}
            y1={0}
            y2={HEIGHT}
            stroke="currentColor"
            strokeDasharray="3 3"
          />
        )}
      </svg>
      <figcaption>
        <span className="muted">
          {shown(low)} – {shown(high)},{' '}
          {diverges === null ? text.neverDiverges : text.diverges(shown(diverges))}
        </span>{' '}
        {suggested === null ? (
          text.noRate
        ) : (
          <button type="button" className="link" onClick={() => take(shown(suggested))}>
            {text.takeRate(shown(suggested))}
          </button>
        )}
        <TakeAlong title={text.rateOf(name)} name={`rates-${run}`} rows={() => rateRows(found, text)} />
      </figcaption>
    </figure>
  );
}
