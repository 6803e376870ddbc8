import { withTexts, type Sentence } from '../../../sentence.ts';
import { closedUp } from '../../i18n/close-up.ts';
import { evidenceRows } from '../../take-along/evidence-rows.ts';
import { useJudged } from '../../use-shown.ts';
import { useSaid, useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { EvidenceTable } from './evidence-table.tsx';

/** What to take, in one to three sentences, and the figures behind them. */
export function VerdictPanel() {
  const dictionary = useText();
  const text = dictionary.verdict;
  const said = useSaid();
  const nameOf = useMethodName();
  const judged = useJudged();
  const judging = useStudioState((state) => state.judging);
  if (judged === null)
    return judging ? (
      <Panel title={text.title}>
        <p className="muted" role="status">
          {text.judging}
        </p>
      </Panel>
    ) : null;
  const { verdict, summary } = judged;
  const [first, ...more] = verdict.told.sentences;
  // Methods and the metric as the rest of the page calls them.
  const names = new Map(summary.methods.map(({ name, type }) => [name, nameOf({ run: name, method: type })]));
  names.set(summary.metric, text.spoken(summary.metric, dictionary.metricNames[summary.metric]));
  const say = (sentence: Sentence): string =>
    closedUp(said(withTexts(sentence, (name) => names.get(name) ?? name)));
  return (
    <Panel
      title={text.title}
      takes={
        summary.judgedOn === null
          ? undefined
          : {
              name: 'evidence',
              rows: () =>
                evidenceRows(summary, dictionary, ({ name, type }) => nameOf({ run: name, method: type })),
            }
      }
    >
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
