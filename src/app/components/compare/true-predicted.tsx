import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from 'recharts';
import type { RunPredictions, ValidationPredictions } from '../../../protocol/predictions.ts';
import { thinned } from '../../charts/thin.ts';
import { formatFigures } from '../../format.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useText } from '../../use-studio.tsx';

const AXIS = {
  stroke: 'var(--line)',
  tick: { fill: 'var(--muted)', fontSize: 12 },
  tickLine: false,
  tickFormatter: (value: number) => formatFigures(value, 4),
} as const;
/** Points drawn at most: more only cover each other. */
const MOST_POINTS = 1500;

interface Props {
  predictions: ValidationPredictions;
  run: RunPredictions;
  name: string;
}

/** A regression's answers: a point a row, and the line on which they would be right. */
export function TrueAgainstPredicted({ predictions, run, name }: Props) {
  const text = useText();
  const color = useRunStyle()(run.run).color;
  const points = thinned(predictions.labels.length, MOST_POINTS).map((row) => ({
    truth: predictions.labels[row],
    predicted: run.values[row],
  }));
  const all = points.flatMap(({ truth, predicted }) => [truth, predicted]).filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return (
    <div className="chart" role="img" aria-label={text.compare.scatterLabel(name)}>
      <ResponsiveContainer width="100%" height={280}>
        <ScatterChart margin={{ top: 8, right: 16, bottom: 16, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" />
          <XAxis
            type="number"
            dataKey="truth"
            domain={['auto', 'auto']}
            label={{ value: text.compare.trueValue, position: 'insideBottom', offset: -8, fontSize: 12 }}
            {...AXIS}
          />
          <YAxis type="number" dataKey="predicted" width={56} domain={['auto', 'auto']} {...AXIS} />
          <ReferenceLine
            segment={[
              { x: low, y: low },
              { x: high, y: high },
            ]}
            stroke="var(--muted)"
            strokeDasharray="4 4"
          />
          <Scatter data={points} fill={color} fillOpacity={0.55} isAnimationActive={false} />
        </ScatterChart>
      </ResponsiveContainer>
    </div>
  );
}
