import { useMemo } from 'react';
import { MEMORY_CATEGORIES, type MemoryBytes } from '../../plan/plan.ts';
import { formatBytes, formatCount, formatFigures } from '../format.ts';
import { memoryRows, type MemoryRow } from '../state/memory-rows.ts';
import { barsSvg } from '../take-along/drawn.ts';
import { lightColors } from '../take-along/pictures.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { MemoryBar, MemoryLegend } from './compare/memory-bar.tsx';
import { MethodMark } from './method-mark.tsx';
import { useMethodName } from './method-name.ts';
import { Panel } from './panel.tsx';
import { ProblemNote } from './problem-note.tsx';

/** Forecast by category before Start, and beside it what was allocated. */
export function MemoryPanel() {
  const text = useText();
  const nameOf = useMethodName();
  const forecast = useStudioState((state) => state.forecast);
  // Steps change the runs several times a second, their memory once.
  const memory = useStudioState(({ runs }) => runs.flatMap((run) => [run.run, run.method, run.memory]));
  const { store } = useStudio();
  const rows = useMemo(
    () => memoryRows({ forecast, runs: store.getState().runs }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `memory` is what of the runs counts here
    [forecast, memory, store],
  );
  const most = Math.max(
    1,
    ...rows.flatMap((row) => [row.predicted, row.allocated].map((m) => m?.total ?? 0)),
  );
  const drawn = (): string => {
    const colors = lightColors(MEMORY_CATEGORIES.map((category) => `var(--memory-${category})`));
    const bars = rows.flatMap((row) => {
      const memory = row.allocated ?? row.predicted;
      if (memory === null) return [];
      const parts = MEMORY_CATEGORIES.map((category, i) => ({
        share: memory[category] / most,
        color: colors[i],
      }));
      return [{ name: nameOf(row), parts, text: formatBytes(memory.total) }];
    });
    const legend = MEMORY_CATEGORIES.map((category, i) => ({
      name: text.memoryNames[category],
      color: colors[i],
    }));
    return barsSvg(text.memoryTitle, bars, legend);
  };
  return (
    <Panel
      folds
      takes={{ name: 'memory', drawn: () => [drawn()] }}
      title={text.memoryTitle}
      aside={forecast.loading && <span className="muted">{text.forecasting}</span>}
    >
      <ProblemNote problem={forecast.problem} />
      {rows.length === 0 ? (
        <p className="muted empty">{text.forecastEmpty}</p>
      ) : (
        <>
          <MemoryLegend />
          <div className="memory-rows">
            {rows.map((row) => (
              <MethodMemory key={row.run} row={row} most={most} />
            ))}
          </div>
          <MemoryTable rows={rows} />
        </>
      )}
      <p className="hint">{text.memoryNote}</p>
    </Panel>
  );
}

function MethodMemory({ row, most }: { row: MemoryRow; most: number }) {
  const text = useText();
  const nameOf = useMethodName();
  const { predicted, allocated, fitted } = row;
  const difference = predicted !== null && allocated !== null ? allocated.total - predicted.total : null;
  return (
    <div className="memory-row" data-run={row.run}>
      <p className="memory-name">
        <MethodMark run={row.run} /> {nameOf(row)}
      </p>
      {predicted !== null && <Bar label={text.forecast} memory={predicted} most={most} />}
      {allocated !== null && <Bar label={text.allocated} memory={allocated} most={most} />}
      {fitted && (
        <p className="hint">
          {text.fittedBy(text.methods.choices[fitted.recompute], formatFigures(fitted.arithmetic, 3))}
        </p>
      )}
      {difference !== null && (
        <p className={difference === 0 ? 'memory-verdict good' : 'memory-verdict'}>
          {difference === 0 ? text.forecastExact : text.forecastOff(formatBytes(difference))}
        </p>
      )}
    </div>
  );
}

function Bar({ label, memory, most }: { label: string; memory: MemoryBytes; most: number }) {
  return (
    <div className="memory-bar-line">
      <span className="memory-bar-label">{label}</span>
      <MemoryBar memory={memory} most={most} />
      <span className="number" title={`${formatCount(memory.total)} B`}>
        {formatBytes(memory.total)}
      </span>
    </div>
  );
}

/** The same figures to read: bytes by category, forecast and allocated. */
function MemoryTable({ rows }: { rows: readonly MemoryRow[] }) {
  const text = useText();
  const nameOf = useMethodName();
  const lines = rows.flatMap((row) =>
    (['predicted', 'allocated'] as const)
      .map((kind) => ({ row, kind, memory: row[kind] }))
      .filter((line): line is typeof line & { memory: MemoryBytes } => line.memory !== null),
  );
  return (
    <details>
      <summary>{text.showTable}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={text.memoryTableCaption}>
        <table className="numbers">
          <caption className="visually-hidden">{text.memoryTableCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.columnMethod}</th>
              <th scope="col" />
              {MEMORY_CATEGORIES.map((category) => (
                <th key={category} scope="col">
                  {text.memoryNames[category]}
                </th>
              ))}
              <th scope="col">Σ</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ row, kind, memory }) => (
              <tr key={`${row.run} ${kind}`}>
                <th scope="row">{nameOf(row)}</th>
                <td>{kind === 'predicted' ? text.forecast : text.allocated}</td>
                {MEMORY_CATEGORIES.map((category) => (
                  <td key={category} data-value={memory[category]}>
                    {formatCount(memory[category])}
                  </td>
                ))}
                <td data-value={memory.total}>{formatCount(memory.total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
