import { useSaid, useStudioState, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { EvidenceTable } from './evidence-table.tsx';

/** What to take, in one to three sentences, and the figures behind them. */
export function VerdictPanel() {
  const text = useText().verdict;
  const say = useSaid();
  const judged = useStudioState((state) => state.judged);
  if (judged === null) return null;
  const { verdict, summary } = judged;
  const [first, ...more] = verdict.told.sentences;
  return (
    <Panel title={text.title}>
      <div className="verdict" data-code={verdict.code} data-take={verdict.take ?? ''}>
        {first !== undefined && <p className="verdict-first">{say(first)}</p>}
        {more.map((sentence, i) => (
          <p key={i}>{say(sentence)}</p>
        ))}
        {verdict.told.remarks.map((remark, i) => (
          <p key={i} className="hint">
            {say(remark)}
          </p>
        ))}
      </div>
      <EvidenceTable summary={summary} take={verdict.take} />
    </Panel>
  );
}
