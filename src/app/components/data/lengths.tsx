import type { LengthSurvey } from '../../../data/analysis/lengths.ts';
import type { DataAnalysis } from '../../../protocol/data.ts';
import { formatCount } from '../../format.ts';
import { cutRows, lengthBars, medianLength } from '../../state/token-lengths.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

const WIDTH = 360;
const HEIGHT = 110;
const FOOT = 16;

/** Rows by number of tokens, of the texts and of what is to be written. */
export function Lengths({ tokens }: { tokens: NonNullable<DataAnalysis['tokens']> }) {
  const text = useText().dataStep;
  const training = useStudioState((state) => state.form.training);
  const { train, targets } = tokens;
  if (targets === null) return <Histogram survey={train} typed={Number(training.maxLength)} />;
  return (
    <>
      <h3>{text.sources}</h3>
      <Histogram survey={train} typed={Number(training.maxLength)} />
      <h3>{text.targets}</h3>
      <Histogram survey={targets} typed={Number(training.maxTargetLength)} />
    </>
  );
}

/** Rows by number of tokens, with the line at which they are cut. */
function Histogram({ survey, typed }: { survey: LengthSurvey; typed: number }) {
  const text = useText().dataStep;
  const { bars, width } = lengthBars(survey);
  const most = Math.max(...bars, 1);
  const known = Number.isInteger(typed) && typed > 0;
  const cut = known ? cutRows(survey, typed) : 0;
  const said = !known
    ? ''
    : cut === 0
      ? text.cutNone(typed)
      : text.cutRows(formatCount(cut), formatCount(survey.rows), typed);
  const step = WIDTH / bars.length;
  const x = (length: number): number => Math.min(WIDTH, (length / width) * step);
  return (
    <div className="lengths">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`}
        role="img"
        aria-label={text.histogramLabel(medianLength(survey), survey.longest, said)}
      >
        {bars.map((count, i) => (
          <rect
            key={i}
            className={known && i * width > typed ? 'bar beyond' : 'bar'}
            x={i * step + 0.5}
            width={Math.max(1, step - 1)}
            y={HEIGHT - (count / most) * (HEIGHT - 8)}
            height={(count / most) * (HEIGHT - 8)}
          />
        ))}
        <line className="axis" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {known && typed <= bars.length * width && (
          <line className="limit" x1={x(typed + 0.5)} x2={x(typed + 0.5)} y1="0" y2={HEIGHT} />
        )}
        <text x="0" y={HEIGHT + FOOT - 3}>
          0
        </text>
        <text x={WIDTH} y={HEIGHT + FOOT - 3} textAnchor="end">
          {formatCount(bars.length * width)} {text.tokensAxis}
        </text>
      </svg>
      {said !== '' && <p className={cut > 0 ? 'cut-note' : 'hint'}>{said}</p>}
      <p className="hint">
        {text.median(medianLength(survey))} {text.longestRow(survey.longest)}
        {survey.rows < survey.of && ` ${text.ofSample(formatCount(survey.rows), formatCount(survey.of))}`}
      </p>
    </div>
  );
}
