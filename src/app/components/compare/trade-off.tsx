import { useId, useState } from 'react';
import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { placeLabels } from '../../charts/place-labels.ts';
import { paretoFront, RESULT_COLUMNS, type ResultColumn, type ResultRow } from '../../state/results-rows.ts';
import { groupRow, methodGroups } from '../../state/method-groups.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useShownRuns } from '../../use-shown.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useReferences } from './use-references.ts';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { formatColumn } from '../results-panel.tsx';

const AXIS = {
  stroke: 'var(--line)',
  tick: { fill: 'var(--muted)', fontSize: 12 },
  tickLine: false,
} as const;

/** Room at the right of the axis. */
const RIGHT = 28;

/** Any two columns against each other, with the runs that nothing beats in both. */
export function TradeOff() {
  const text = useText();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const runs = useShownRuns();
  const metric = useStudioState((state) => state.metric);
  const [x, setX] = useState<ResultColumn>('memory');
  const [y, setY] = useState<ResultColumn>('best');
  const rows = methodGroups(runs)
    .map((group) => groupRow(group, metric))
    .filter((row) => row[x] !== null && row[y] !== null);
  const scored = useReferences(runs, 'validation');
  const references = y === 'best' || y === 'last' ? scored : [];
  const front = paretoFront(rows, x, y, metric);
  const columns = text.compare.columns;
  const names = rows.filter(({ run }) => front.has(run)).map(nameOf);
  const format = (column: ResultColumn) => (value: number) => formatColumn(column, value, metric);
  return (
    <Panel
      folds
      takes={{ name: 'trade-off' }}
      title={text.compare.paretoTitle}
      aside={
        <>
          <ColumnSelect label={text.compare.paretoY} value={y} onChoose={setY} />
          <ColumnSelect label={text.compare.paretoX} value={x} onChoose={setX} />
        </>
      }
    >
      {rows.length === 0 ? (
        <p className="muted no-curves">{text.compare.paretoEmpty}</p>
      ) : (
        <div
          className="chart"
          role="img"
          aria-label={text.compare.paretoLabel(columns[x], columns[y], names.join(', '))}
          data-front={[...front].join(' ')}
        >
          <ResponsiveContainer width="100%" height={240}>
            <ScatterChart margin={{ top: 20, right: RIGHT, bottom: 4, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid stroke="var(--line)" />
              <XAxis
                type="number"
                dataKey={x}
                domain={['auto', 'auto']}
                padding={{ left: 16, right: 24 }}
                tickFormatter={format(x)}
                {...AXIS}
              />
              <YAxis
                type="number"
                dataKey={y}
                width={68}
                domain={['auto', 'auto']}
                padding={{ top: 14, bottom: 10 }}
                tickFormatter={format(y)}
                {...AXIS}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={false}
                content={({ payload }) => {
                  const row = payload[0]?.payload as ResultRow | undefined;
                  if (row === undefined) return null;
                  return (
                    <div className="chart-tip">
                      <strong>{nameOf(row)}</strong>
                      <br />
                      {columns[x]} {format(x)(row[x]!)}
                      <br />
                      {columns[y]} {format(y)(row[y]!)}
                    </div>
                  );
                }}
              />
              {references.map(({ name, value, label, help, dash }) => (
                <ReferenceLine
                  key={name}
                  y={value}
                  ifOverflow="extendDomain"
                  stroke="var(--muted)"
                  strokeDasharray={dash.join(' ')}
                  shape={(line: LineAt) => (
                    <HintedLine {...line} hint={`${label}: ${format(y)(value)}. ${help}`} />
                  )}
                />
              ))}
              {rows.map((row) => (
                <Scatter
                  key={row.run}
                  data={[row]}
                  isAnimationActive={false}
                  shape={({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) => (
                    <Dot {...{ cx, cy }} color={styleOf(row.run).color} ringed={front.has(row.run)} />
                  )}
                />
              ))}
              <Labels points={rows.map((row) => ({ x: row[x]!, y: row[y]!, name: nameOf(row) }))} />
            </ScatterChart>
          </ResponsiveContainer>
        </div>
      )}
      <p className="hint">{text.compare.paretoHelp}</p>
    </Panel>
  );
}

interface LineAt {
  x1?: number;
  x2?: number;
  y1?: number;
  y2?: number;
  stroke?: string;
  strokeDasharray?: string;
}

/** A line that says what it is when it is pointed at. */
function HintedLine({ x1, x2, y1, y2, stroke, strokeDasharray, hint }: LineAt & { hint: string }) {
  const ends = { x1, x2, y1, y2 };
  return (
    <g className="plot-reference">
      <line {...ends} stroke={stroke} strokeDasharray={strokeDasharray} />
      <line {...ends} stroke="transparent" strokeWidth={10}>
        <title>{hint}</title>
      </line>
    </g>
  );
}

interface DotProps {
  cx: number;
  cy: number;
  color: string;
  ringed: boolean;
}

function Dot({ cx, cy, color, ringed }: DotProps) {
  return (
    <g>
      {ringed && <circle cx={cx} cy={cy} r="9" fill="none" stroke={color} strokeWidth="1.5" />}
      <circle cx={cx} cy={cy} r="5" fill={color} />
    </g>
  );
}

const LABEL_SIZE = 12;
/** Share of the font size that a letter takes; one of Chinese takes all of it. */
const LETTER = 0.58;

function widthOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => sum + LABEL_SIZE * (letter > '\u2e80' ? 1 : LETTER), 0);
}

/** Names beside the points, where none covers another. */
function Labels({ points }: { points: readonly { x: number; y: number; name: string }[] }) {
  const [scaleX, scaleY, area] = [useXAxisScale(), useYAxisScale(), usePlotArea()];
  if (scaleX === undefined || scaleY === undefined || area === undefined) return null;
  const at = points.map(({ x, y, name }) => ({
    x: Number(scaleX(x)),
    y: Number(scaleY(y)),
    width: widthOf(name),
  }));
  const { x: left, y: top, width, height } = area;
  const placed = placeLabels(at, { left, right: left + width + RIGHT, top: 0, bottom: top + height });
  return (
    <g className="plot-labels">
      {placed.map((label, i) => (
        <g key={points[i].name}>
          {label.led && <line x1={at[i].x} y1={at[i].y} x2={label.x} y2={label.y - 4} stroke="var(--line)" />}
          <text x={label.x} y={label.y} textAnchor="middle" fontSize={LABEL_SIZE} fill="var(--text)">
            {points[i].name}
          </text>
        </g>
      ))}
    </g>
  );
}

interface ColumnSelectProps {
  label: string;
  value: ResultColumn;
  onChoose: (column: ResultColumn) => void;
}

function ColumnSelect({ label, value, onChoose }: ColumnSelectProps) {
  const text = useText();
  const id = useId();
  return (
    <span className="slider">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value as ResultColumn)}>
        {RESULT_COLUMNS.map((column) => (
          <option key={column} value={column}>
            {text.compare.columns[column]}
          </option>
        ))}
      </select>
    </span>
  );
}
