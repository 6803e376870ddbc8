import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { DataPart, FileRow } from '../../../protocol/data.ts';
import { answerColumn } from '../../../protocol/columns.ts';
import type { TaskSummary } from '../../../protocol/messages.ts';
import { useStudio, useText } from '../../use-studio.tsx';

const ROW_HEIGHT = 30;
/** Rows asked for at a time. */
const PAGE = 100;
/** Columns shown at most: those in use, then the first others. */
const MOST_COLUMNS = 16;

/** Every row of the files as it stands there; only those in sight are asked for and drawn. */
export function Rows({ data, set }: { data: TaskSummary['data']; set: number }) {
  const text = useText();
  const [part, setPart] = useState<DataPart>('train');
  return (
    <>
      {data.fileRows.validation > 0 && (
        <div className="choices">
          {(['train', 'validation'] as const).map((name) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={part === name}
              onClick={() => setPart(name)}
            >
              {name === 'train' ? text.dataStep.training : text.dataStep.validation}
            </button>
          ))}
        </div>
      )}
      <Table key={part} data={data} set={set} part={part} />
    </>
  );
}

function Table({ data, set, part }: { data: TaskSummary['data']; set: number; part: DataPart }) {
  const text = useText();
  const scroll = useRef<HTMLDivElement>(null);
  const count = data.fileRows[part];
  // The virtualiser keeps its own state and re-renders by itself; nothing here is memoised by the compiler.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const rows = useRows(set, part, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const used = [...data.columns.text, answerColumn(data.columns)];
  const others = data.columnNames.filter((name) => !used.includes(name));
  const shown = [...used, ...others].slice(0, MOST_COLUMNS);
  const indices = shown.map((name) => data.columnNames.indexOf(name));
  const hidden = data.columnNames.length - shown.length;
  // Fixed widths, since every row is a grid of its own.
  const widths = shown.map((_, c) =>
    c < data.columns.text.length || shown[c] === data.columns.target ? 260 : 110,
  );
  const grid = `56px ${widths.map((width) => `${width}px`).join(' ')} 1fr`;
  return (
    <>
      <div
        className="row-table"
        role="table"
        aria-label={text.dataStep.tabs.rows}
        aria-rowcount={count + 1}
        ref={scroll}
        tabIndex={0}
      >
        <div role="row" className="row-table-head" style={{ gridTemplateColumns: grid }} aria-rowindex={1}>
          <span role="columnheader">{text.dataStep.line}</span>
          {shown.map((name) => (
            <span key={name} role="columnheader" className={used.includes(name) ? 'used' : ''}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows.get(index);
            return (
              <div
                key={index}
                role="row"
                className="row-table-row"
                aria-rowindex={index + 2}
                style={{ gridTemplateColumns: grid, transform: `translateY(${start}px)` }}
              >
                <span role="cell" className="muted number">
                  {row?.line ?? text.dataStep.notLoaded}
                </span>
                {indices.map((column) => (
                  <span key={column} role="cell" title={row?.cells[column]}>
                    {row?.cells[column]}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {hidden > 0 && <p className="hint">{text.dataStep.moreColumns(hidden)}</p>}
    </>
  );
}

/** Rows in sight, by index, asked for in pages and kept. */
function useRows(set: number, part: DataPart, first: number, last: number): ReadonlyMap<number, FileRow> {
  const studio = useStudio();
  const [rows, setRows] = useState<ReadonlyMap<number, FileRow>>(new Map());
  const asked = useRef(new Set<number>());
  useEffect(() => {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      if (asked.current.has(page)) continue;
      asked.current.add(page);
      studio.dataRows(set, part, page * PAGE, PAGE).then(
        (found) =>
          setRows((known) => new Map([...known, ...found.map((row, i) => [page * PAGE + i, row] as const)])),
        // The dataset was replaced meanwhile; what comes next shows its own rows.
        () => asked.current.delete(page),
      );
    }
  }, [studio, set, part, first, last]);
  return rows;
}
