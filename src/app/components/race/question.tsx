import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DataSummary } from '../../../protocol/messages.ts';
import { EXAMPLE_ROWS_ASKED, exampleRows, type ExampleRow } from '../../state/example-rows.ts';
import { preferences } from '../../state/preferences.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** With more labels than this they are counted rather than named. */
const MOST_NAMED = 5;
/** The demo's rows are of many things; those it asks about are shown. */
const ABOUT: Record<string, RegExp> = { demo: /\b(film|movie)\b/i };

/** What the data ask, in a sentence. */
function useQuestion(data: DataSummary | null): string | null {
  const text = useText().race;
  const demo = useStudioState(({ dataSource }) => (dataSource.kind === 'builtin' ? dataSource.name : null));
  const language = useStore(preferences, (state) => state.language);
  if (data === null) return null;
  const known = demo === null || demo !== data.name ? undefined : text.demoQuestions[demo];
  const words = data.columns.label !== undefined && data.task !== 'regression';
  if (known !== undefined && (demo === 'demo' ? words : data.task === 'text2text')) return known;
  if (data.task === 'regression') return text.whichNumber(data.columns.label ?? '');
  if (!words) return text.whatText;
  const labels = data.classes.map(({ label }) => label);
  if (labels.length < 2) return null;
  return labels.length > MOST_NAMED
    ? text.whichOfMany(labels.length)
    : text.whichOf(new Intl.ListFormat(language, { type: 'disjunction' }).format(labels));
}

/** What is asked of the methods, and two rows of it. */
export function Question({ rows: showRows }: { rows: boolean }) {
  const text = useText().race;
  const studio = useStudio();
  const { data, demo } = useStudioState((state) => ({
    data: state.data.value?.problem ? null : state.data.value,
    demo: state.dataSource.kind === 'builtin' ? state.dataSource.name : null,
  }));
  const question = useQuestion(data);
  const [found, setFound] = useState<{ data: DataSummary; rows: ExampleRow[] } | null>(null);
  useEffect(() => {
    if (data === null || !showRows || found?.data === data) return;
    let dropped = false;
    studio.dataRows(0, 'train', 0, demo === null ? EXAMPLE_ROWS_ASKED : 3 * EXAMPLE_ROWS_ASKED).then(
      (rows) => {
        const about = demo === null ? undefined : ABOUT[demo];
        if (!dropped) setFound({ data, rows: exampleRows(rows, data.columnNames, data.columns, about) });
      },
      // Whatever keeps rows from being read is said where the data are.
      () => {},
    );
    return () => void (dropped = true);
  }, [studio, data, demo, showRows, found]);
  if (data === null || question === null) return null;
  const rows = found?.data === data ? found.rows : [];
  const about = demo === null ? undefined : text.demoAbout[demo];
  return (
    <div className="question">
      <h2>{question}</h2>
      {showRows && about !== undefined && <p className="hint">{about}</p>}
      {showRows && (
        <ul className="question-rows">
          {rows.map(({ texts, answer }, i) => (
            <li key={i}>
              <span className="question-text">
                {texts.map((one, t) => (
                  <q key={t}>{one}</q>
                ))}
              </span>
              <span className="question-answer">
                <span className="visually-hidden">{text.rowSays}: </span>
                {answer}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
