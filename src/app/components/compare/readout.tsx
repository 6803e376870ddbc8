import { useSyncExternalStore } from 'react';
import type { Cursor } from '../../charts/cursor.ts';
import { useText } from '../../use-studio.tsx';
import { Mark, MethodMark } from '../method-mark.tsx';

export interface Reading {
  run: string;
  name: string;
  /** Value at a position of the axis, or the latest for null; formatted, '' where there is none. */
  at: (x: number | null) => string;
  /** Says a range too, which takes room. */
  ranges?: boolean;
}

interface Props {
  caption: string;
  readings: readonly Reading[];
  cursor: Cursor;
  /** Names a position of the axis. */
  where: (x: number) => string;
  /** What takes no training: the same everywhere. */
  references?: readonly {
    name: string;
    label: string;
    help: string;
    text: string;
    dash: readonly number[];
  }[];
}

/** What every run shows at the reading line, or at last: the chart as a table. */
export function Readout({ caption, readings, cursor, where, references = [] }: Props) {
  const text = useText();
  const ranges = readings.some((reading) => reading.ranges === true);
  const x = useSyncExternalStore(cursor.subscribe, cursor.snapshot);
  return (
    <table className={ranges ? 'readout ranges' : 'readout'}>
      <caption>
        <span className="visually-hidden">{caption} </span>
        {x === null ? text.compare.latest : where(x)}
      </caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{text.columnMethod}</th>
          <th scope="col">{caption}</th>
        </tr>
      </thead>
      <tbody>
        {readings.map(({ run, name, at }) => (
          <tr key={run}>
            <th scope="row">
              <MethodMark run={run} /> {name}
            </th>
            <td className="number">{at(x) || '–'}</td>
          </tr>
        ))}
        {references.map(({ name, label, help, text: value, dash }) => (
          <tr key={name} className="reference" data-reference={name} title={help}>
            <th scope="row">
              <Mark color="var(--muted)" dash={dash} /> {label}
              <span className="visually-hidden"> {help}</span>
            </th>
            <td className="number">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
