import { useId, useMemo, useState } from 'react';
import type { RunSpec } from '../../../runs/spec.ts';
import { specRows } from '../../../runs/spec-diff.ts';
import { entryOrDamage, isDamaged, type RawEntry } from '../../../runs/storage/entry.ts';
import type { StoredEntry } from '../../../runs/storage/stored.ts';
import { useText } from '../../use-studio.tsx';
import { TakeAlong } from '../take-along.tsx';

/** Runs of a comparison to choose from; none of one that cannot be read. */
function choicesOf(raw: RawEntry): { key: string; label: string; spec: RunSpec }[] {
  const entry = entryOrDamage(raw);
  if (isDamaged(entry)) return [];
  const { comparison } = entry;
  return comparison.runs.map((header) => ({
    key: `${comparison.id}/${header.run}`,
    label: `${comparison.name}: ${header.run}`,
    spec: header.spec,
  }));
}

/** Settings of one run as they were at its start, beside those of any other stored run. */
export function ConfigTable({ entry, entries }: { entry: StoredEntry; entries: readonly RawEntry[] }) {
  const text = useText();
  const id = useId();
  const all = useMemo(() => entries.flatMap(choicesOf), [entries]);
  const mine = all.filter(({ key }) => key.startsWith(entry.comparison.id));
  const [left, setLeft] = useState(mine[0].key);
  const [right, setRight] = useState(mine[1]?.key ?? '');
  const [onlyDifferences, setOnly] = useState(true);
  const chosen = [left, right].flatMap((key) => all.find((one) => one.key === key) ?? []);
  const comparing = chosen.length === 2;
  const rows = specRows(chosen.map(({ spec }) => spec)).filter(
    ({ differs }) => differs || !comparing || !onlyDifferences,
  );
  return (
    <div className="config takes">
      <div className="config-choice">
        <label>
          <span className="hint">{text.history.configuration}</span>
          <select value={left} onChange={(event) => setLeft(event.target.value)}>
            {mine.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hint">{text.history.compareWith}</span>
          <select value={right} onChange={(event) => setRight(event.target.value)}>
            <option value="">{text.history.nobody}</option>
            {all
              .filter(({ key }) => key !== left)
              .map(({ key, label }) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
          </select>
        </label>
        {comparing && (
          <label className="history-overlay">
            <input
              type="checkbox"
              checked={onlyDifferences}
              onChange={(event) => setOnly(event.target.checked)}
            />
            {text.history.differences}
          </label>
        )}
        {rows.length > 0 && <TakeAlong title={text.history.configuration} name="settings" />}
      </div>
      {rows.length === 0 ? (
        <p className="muted">{text.history.same}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-labelledby={id}>
          <table>
            <caption id={id} className="visually-hidden">
              {text.history.configuration}
            </caption>
            <thead>
              <tr>
                <th scope="col">{text.history.field}</th>
                {chosen.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ path, values, differs }) => (
                <tr key={path} className={comparing && differs ? 'differs' : undefined}>
                  <th scope="row">
                    <code>{path}</code>
                  </th>
                  {values.map((value, i) => (
                    <td key={chosen[i].key}>
                      <code>{value ?? '–'}</code>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
