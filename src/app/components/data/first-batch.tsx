import type { BatchView, TokenKind, TokenView } from '../../../data/analysis/first-batch.ts';
import { formatShare } from '../../format.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

const KINDS: readonly TokenKind[] = ['special', 'first', 'second', 'unknown'];

/** The first batch as the model reads it: tokens, padding, and what was cut. */
export function FirstBatch({ batch }: { batch: BatchView }) {
  const text = useText().dataStep;
  const size = useStudioState((state) => Number(state.form.training.batchSize));
  const used = new Set(batch.rows.flatMap(({ tokens }) => tokens.map(({ kind }) => kind)));
  const all = Number.isInteger(size) ? Math.max(size, batch.rows.length) : batch.rows.length;
  return (
    <div className="first-batch">
      <p className="hint">{text.batchHelp(all, batch.length, formatShare(batch.paddingShare, 1))}</p>
      <p className="token-legend">
        {KINDS.filter((kind) => used.has(kind)).map((kind) => (
          <span key={kind} className={`token ${kind}`}>
            {text.kinds[kind]}
          </span>
        ))}
      </p>
      <ol>
        {batch.rows.map((row, i) => (
          <li key={i}>
            <p className="batch-row-head">
              <span className="muted">
                {text.line} {row.line}
              </span>{' '}
              {row.label !== null && <strong>{row.label}</strong>}
              {row.cut > 0 && <span className="cut">{text.cut(row.cut)}</span>}
            </p>
            <p className="tokens">
              <Tokens tokens={row.tokens} />
              {row.padding > 0 && <span className="token padding">{text.padding(row.padding)}</span>}
            </p>
            {row.target !== null && (
              <p className="tokens target">
                <span className="muted">{text.writes}</span> <Tokens tokens={row.target.tokens} />
                {row.target.cut > 0 && <span className="cut">{text.cut(row.target.cut)}</span>}
              </p>
            )}
          </li>
        ))}
      </ol>
      {all > batch.rows.length && <p className="hint">{text.batchMore(all - batch.rows.length)}</p>}
    </div>
  );
}

function Tokens({ tokens }: { tokens: readonly TokenView[] }) {
  return tokens.map(({ text, kind }, at) => (
    <span key={at} className={`token ${kind}`}>
      {text}
    </span>
  ));
}
