/** A chart of shares against shares, both from 0 to 1: lines, or bars over the axis. Plain SVG. */
import type { Point } from '../../train/metrics/report/curves.ts';

export interface UnitLine {
  key: string;
  color: string;
  points: readonly Point[];
}

export interface UnitBar {
  from: number;
  to: number;
  height: number;
  /** Where a mark stands in it: the height it should have. */
  mark: number;
}

interface Props {
  label: string;
  xName: string;
  yName: string;
  /** Drawn dashed: what guessing gives, or what would be perfect. */
  diagonal: boolean;
  lines?: readonly UnitLine[];
  bars?: readonly UnitBar[];
}

const SIZE = { width: 320, height: 280 };
const INNER = { left: 46, right: 308, top: 10, bottom: 236 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const px = (x: number): number => INNER.left + x * (INNER.right - INNER.left);
const py = (y: number): number => INNER.bottom - y * (INNER.bottom - INNER.top);

export function UnitChart({ label, xName, yName, diagonal, lines = [], bars = [] }: Props) {
  return (
    <div className="chart unit" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} fontSize="12">
        {TICKS.map((tick) => (
          <g key={tick} stroke="var(--line)">
            <line x1={px(0)} x2={px(1)} y1={py(tick)} y2={py(tick)} />
            <line x1={px(tick)} x2={px(tick)} y1={py(0)} y2={py(0) + 4} />
            <g fill="var(--muted)" stroke="none">
              <text x={px(0) - 6} y={py(tick) + 4} textAnchor="end">
                {tick}
              </text>
              <text x={px(tick)} y={py(0) + 18} textAnchor="middle">
                {tick}
              </text>
            </g>
          </g>
        ))}
        {bars.map(({ from, to, height, mark }) => (
          <g key={from}>
            <rect
              x={px(from) + 1}
              width={px(to) - px(from) - 2}
              y={py(height)}
              height={py(0) - py(height)}
              fill="var(--accent)"
              fillOpacity="0.65"
            />
            <line x1={px(from)} x2={px(to)} y1={py(mark)} y2={py(mark)} stroke="var(--bad)" strokeWidth="2" />
          </g>
        ))}
        {diagonal && (
          <line x1={px(0)} y1={py(0)} x2={px(1)} y2={py(1)} stroke="var(--muted)" strokeDasharray="4 4" />
        )}
        {lines.map(({ key, color, points }) => (
          <polyline
            key={key}
            points={points.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ')}
            fill="none"
            stroke={color}
            strokeWidth="2"
            strokeLinejoin="round"
          />
        ))}
        <g fill="var(--muted)">
          <text x={px(0.5)} y={SIZE.height - 8} textAnchor="middle">
            {xName}
          </text>
          <text transform={`translate(12 ${py(0.5)}) rotate(-90)`} textAnchor="middle">
            {yName}
          </text>
        </g>
      </svg>
    </div>
  );
}
