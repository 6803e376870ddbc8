import { useId, useState } from 'react';
import { CartesianGrid, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts';
import {
  paretoFront,
  RESULT_COLUMNS,
  resultRow,
  type ResultColumn,
  type ResultRow,
} from '../../state/results-rows.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { formatColumn } from '../results-panel.tsx';

const AXIS = {
  stroke: 'var(--line)',
  tick: { fill: 'var(--muted)', fontSize: 12 },
  tickLine: false,
} as const;

/** Any two columns against each other, with the runs that nothing beats in both. */
export function TradeOff() {
  const text = useText();
  const nameOf = useMethodName();
  const styleOf = useRunStyle();
  const runs = useStudioState((state) => state.runs);
  const metric = useStudioState((state) => state.metric);
  const [x, setX] = useState<ResultColumn>('memory');
  const [y, setY] = useState<ResultColumn>('best');
  const rows = runs.map((run) => resultRow(run, metric)).filter((row) => row[x] !== null && row[y] !== null);
  const front = paretoFront(rows, x, y, metric);
  const columns = text.compare.columns;
  const names = rows.filter(({ run }) => front.has(run)).map(nameOf);
  const format = (column: ResultColumn) => (value: number) => formatColumn(column, value, metric);
  return (
    <Panel
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
            <ScatterChart margin={{ top: 20, right: 28, bottom: 4, left: 0 }} accessibilityLayer={false}>
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
              {rows.map((row) => (
                <Scatter
                  key={row.run}
                  data={[row]}
                  isAnimationActive={false}
                  shape={({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) => (
                    <Dot
                      {...{ cx, cy }}
                      color={styleOf(row.run).color}
                      name={nameOf(row)}
                      ringed={front.has(row.run)}
                    />
                  )}
                />
              ))}
            </ScatterChart>
          </ResponsiveContainer>
        </div>
      )}
      <p className="hint">{text.compare.paretoHelp}</p>
    </Panel>
  );
}

interface DotProps {
  cx: number;
  cy: number;
  color: string;
  name: string;
  ringed: boolean;
}

function Dot({ cx, cy, color, name, ringed }: DotProps) {
  return (
    <g>
      {ringed && <circle cx={cx} cy={cy} r="9" fill="none" stroke={color} strokeWidth="1.5" />}
      <circle cx={cx} cy={cy} r="5" fill={color} />
      <text x={cx} y={cy - 13} textAnchor="middle" fontSize="12" fill="var(--text)">
        {name}
      </text>
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
