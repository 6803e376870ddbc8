import type { DataSummary } from '../../protocol/messages.ts';
import { useText } from '../use-studio.tsx';

/** Class counts as bars, and the first rows. */
export function DataPreview({ data }: { data: DataSummary }) {
  const text = useText();
  const used = new Set([...data.columns.text, data.columns.label]);
  return (
    <>
      {data.classes.length > 0 && <Classes data={data} />}
      <details className="preview">
        <summary>{text.preview}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={text.preview}>
          <table>
            <thead>
              <tr>
                {data.columnNames.map((name) => (
                  <th key={name} scope="col" className={used.has(name) ? 'used' : ''}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.preview.map((cells, row) => (
                <tr key={row}>
                  {cells.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

/** How many classes are listed; a dataset with more says how many are not. */
const SHOWN_CLASSES = 8;

function Classes({ data }: { data: DataSummary }) {
  const text = useText();
  const most = Math.max(...data.classes.map((entry) => entry.train), 1);
  const hidden = data.classes.length - SHOWN_CLASSES;
  return (
    <div className="classes">
      <h3>{text.classes}</h3>
      <ul>
        {data.classes.slice(0, SHOWN_CLASSES).map(({ label, train, validation }) => (
          <li key={label} title={text.classCount(label, train, validation)}>
            <span className="class-label">{label}</span>
            <span className="class-bar" aria-hidden="true">
              <span style={{ inlineSize: `${(100 * train) / most}%` }} />
            </span>
            <span className="number">
              {train} <span className="muted">+ {validation}</span>
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="muted">+ {hidden}</p>}
    </div>
  );
}
