import { Fragment, useState } from 'react';
import type { ValidationPredictions } from '../../../protocol/predictions.ts';
import { formatCount } from '../../format.ts';
import {
  isRight,
  nearestReference,
  WRITTEN_FILTERS,
  writers,
  writtenRows,
  type WrittenFilter,
} from '../../state/written-views.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { MarkedText } from './marked-text.tsx';
import { WrittenScores } from './written-scores.tsx';

/** Rows shown at first, and more at each press. */
const SHOWN = 5;

/** What every run writes for validation rows, beside what it should have written. */
export function WrittenTexts({ predictions }: { predictions: ValidationPredictions }) {
  const text = useText().written;
  const [filter, setFilter] = useState<WrittenFilter>('all');
  const written = writtenRows(predictions, 'all').length;
  return (
    <Panel folds title={text.title} takes={{ name: 'written-scores' }}>
      <WrittenScores runs={predictions.runs} />
      {written === 0 ? (
        <p className="muted empty">{text.none}</p>
      ) : (
        <>
          <p className="hint">
            {text.help(formatCount(written), formatCount(predictions.texts.length))}{' '}
            <span className="marked">
              <del>{text.missing}</del> <ins>{text.added}</ins>
            </span>
          </p>
          <div className="choices" role="group" aria-label={text.filter}>
            {WRITTEN_FILTERS.map((name) => (
              <button
                key={name}
                type="button"
                className="chip"
                aria-pressed={filter === name}
                onClick={() => setFilter(name)}
              >
                {text.filters[name]}{' '}
                <span className="number">{formatCount(writtenRows(predictions, name).length)}</span>
              </button>
            ))}
          </div>
          <Rows key={filter} predictions={predictions} rows={writtenRows(predictions, filter)} />
        </>
      )}
    </Panel>
  );
}

function Rows({ predictions, rows }: { predictions: ValidationPredictions; rows: readonly number[] }) {
  const text = useText();
  const [limit, setLimit] = useState(SHOWN);
  const hidden = rows.length - limit;
  if (rows.length === 0) return <p className="muted empty">{text.written.noRow}</p>;
  return (
    <>
      <ol className="written-rows">
        {rows.slice(0, limit).map((row) => (
          <li key={row}>
            <Row predictions={predictions} row={row} />
          </li>
        ))}
      </ol>
      {hidden > 0 && (
        <button type="button" className="quiet" onClick={() => setLimit(limit + 4 * SHOWN)}>
          {text.compare.more(formatCount(hidden))}
        </button>
      )}
    </>
  );
}

function Row({ predictions, row }: { predictions: ValidationPredictions; row: number }) {
  const text = useText();
  const nameOf = useMethodName();
  const headers = useStudioState((state) => state.runs);
  const { texts, pairs, lines } = predictions;
  const references = predictions.references?.[row] ?? [];
  return (
    <dl className="written">
      <dt>
        {text.written.source} <span className="muted">{text.written.line(lines[row])}</span>
      </dt>
      <dd>
        {texts[row]}
        {pairs !== null && <span className="example-pair">{pairs[row]}</span>}
      </dd>
      <dt>{text.written.reference}</dt>
      <dd>
        {references.map((reference, i) => (
          <p key={i}>{reference}</p>
        ))}
      </dd>
      {writers(predictions).map(({ run, written }) => {
        const own = written.at(row);
        if (own === undefined) return null;
        return (
          <Fragment key={run}>
            <dt>
              <MethodMark run={run} /> {nameOf(headers.find((h) => h.run === run) ?? { run, method: run })}
            </dt>
            <dd data-run={run}>
              <MarkedText reference={nearestReference(own, references)} written={own} />
              {own.trim() === '' && <span className="muted"> {text.written.empty}</span>}
              {isRight(own, references) && <span className="right"> ✓ {text.written.right}</span>}
            </dd>
          </Fragment>
        );
      })}
    </dl>
  );
}
