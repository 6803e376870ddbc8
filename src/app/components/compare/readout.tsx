import { useSyncExternalStore } from 'react';
import type { Cursor } from '../../charts/cursor.ts';
import { useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';

export interface Reading {
  run: string;
  name: string;
  /** Value at a position of the axis, or the latest for null; formatted, '' where there is none. */
  at: (x: number | null) => string;
}

interface Props {
  caption: string;
  readings: readonly Reading[];
  cursor: Cursor;
  /** Names a position of the axis. */
  where: (x: number) => string;
}

/** What every run shows at the reading line, or at last: the chart as a table. */
export function Readout({ caption, readings, cursor, where }: Props) {
  const text = useText();
  const x = useSyncExternalStore(cursor.subscribe, cursor.snapshot);
  return (
    <table className="readout">
      <caption>
        <span className="visually-hidden">{caption} </span>
        {x === null ? text.compare.latest : where(x)}
      </caption>
      <tbody>
        {readings.map(({ run, name, at }) => (
          <tr key={run}>
            <th scope="row">
              <MethodMark run={run} /> {name}
            </th>
            <td className="number">{at(x) || '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
