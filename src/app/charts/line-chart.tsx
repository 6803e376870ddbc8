import {
  CartesianGrid,
  Line,
  LineChart as Chart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCount } from '../format.ts';
import { curveRows, type Curve } from './rows.ts';

export interface ChartCurve extends Curve {
  name: string;
  color: string;
  dash: string | undefined;
  /** Drawn faint and thin, without name: the raw points behind a smoothed line. */
  faint?: boolean;
  /** Whether points carry dots: for curves of few points. */
  dots?: boolean;
}

interface Props {
  curves: readonly ChartCurve[];
  /** What the chart shows, in words, for those who do not see it. */
  label: string;
  stepName: string;
  /** Last step, so that the axis does not grow while training. */
  lastStep: number;
  /** Places on the axis that are named; chosen by the chart if left out. */
  ticks?: readonly number[];
  formatValue: (value: number) => string;
}

const HEIGHT = 240;
const AXIS = {
  stroke: 'var(--line)',
  tick: { fill: 'var(--muted)', fontSize: 12 },
  tickLine: false,
} as const;

/** Lines over steps. Data arrives downsampled; nothing is animated. */
export function LineChart({ curves, label, stepName, lastStep, ticks, formatValue }: Props) {
  return (
    <div className="chart" role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <Chart
          data={curveRows(curves)}
          margin={{ top: 8, right: 12, bottom: 4, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis dataKey="step" type="number" domain={[0, lastStep]} ticks={ticks && [...ticks]} {...AXIS} />
          <YAxis width={68} domain={['auto', 'auto']} tickFormatter={formatValue} {...AXIS} />
          <Tooltip
            isAnimationActive={false}
            formatter={(value) => (typeof value === 'number' ? formatValue(value) : '')}
            labelFormatter={(step) => `${stepName} ${typeof step === 'number' ? formatCount(step) : ''}`}
            contentStyle={{
              background: 'var(--surface)',
              border: '1px solid var(--line)',
              borderRadius: 8,
              fontSize: 13,
            }}
          />
          {curves.map((curve) => (
            <Line
              key={curve.key}
              dataKey={curve.key}
              name={curve.name}
              stroke={curve.color}
              strokeWidth={curve.faint ? 1 : 2}
              strokeOpacity={curve.faint ? 0.25 : 1}
              strokeDasharray={curve.faint ? undefined : curve.dash}
              tooltipType={curve.faint ? 'none' : undefined}
              dot={curve.dots ? { r: 2.5, fill: curve.color, strokeWidth: 0, strokeDasharray: '' } : false}
              activeDot={curve.faint ? false : { r: 4 }}
              type="linear"
              connectNulls
              isAnimationActive={false}
            />
          ))}
        </Chart>
      </ResponsiveContainer>
    </div>
  );
}
