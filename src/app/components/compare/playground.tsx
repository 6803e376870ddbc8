import { useId, useState, type SyntheticEvent } from 'react';
import { UNTUNED, type Answer } from '../../../protocol/predictions.ts';
import { formatFigures, formatShare } from '../../format.ts';
import { problemOf, type Answers, type Problem } from '../../state/studio-state.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';
import { Panel } from '../panel.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { dataOf } from '../../../runs/spec-tasks.ts';

/** A text of one's own, answered by every tuned model and the untuned one. */
export function Playground() {
  const text = useText();
  const studio = useStudio();
  const id = useId();
  const { pair, task } = useStudioState(({ startedSpec, shownTask }) => {
    const tasks = startedSpec?.tasks;
    const shown = tasks?.find(({ name }) => name === shownTask) ?? tasks?.[0];
    const data = shown ?? (startedSpec && dataOf(startedSpec));
    return { pair: data?.columns?.text?.length === 2, task: shown?.name };
  });
  const writes = useStudioState((state) => state.startedSpec?.model.task === 'text2text');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [asked, setAsked] = useState<{ answers: Answers | null; problem: Problem | null; busy: boolean }>({
    answers: null,
    problem: null,
    busy: false,
  });
  const empty = first.trim() === '' || (pair && second.trim() === '');
  const ask = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (empty || asked.busy) return;
    setAsked({ ...asked, busy: true, problem: null });
    try {
      setAsked({ answers: await studio.predict(first, pair ? second : null), problem: null, busy: false });
    } catch (error) {
      setAsked({ ...asked, problem: problemOf(error), busy: false });
    }
  };
  return (
    <Panel folds title={text.compare.playTitle}>
      <p className="hint">{text.compare.playHelp}</p>
      {task !== undefined && <p className="hint">{text.compare.playTask(task)}</p>}
      <form className="playground" onSubmit={(event) => void ask(event)}>
        <label className="visually-hidden" htmlFor={`${id}-first`}>
          {text.compare.playText}
        </label>
        {writes ? (
          <textarea
            id={`${id}-first`}
            rows={2}
            value={first}
            placeholder={text.compare.playExample}
            onChange={(event) => setFirst(event.target.value)}
          />
        ) : (
          <input
            id={`${id}-first`}
            type="text"
            value={first}
            placeholder={text.compare.playExample}
            onChange={(event) => setFirst(event.target.value)}
          />
        )}
        {pair && (
          <>
            <label className="visually-hidden" htmlFor={`${id}-second`}>
              {text.compare.playText2}
            </label>
            <input
              id={`${id}-second`}
              type="text"
              value={second}
              placeholder={text.compare.playText2}
              onChange={(event) => setSecond(event.target.value)}
            />
          </>
        )}
        <button type="submit" disabled={empty || asked.busy}>
          {asked.busy ? text.compare.asking : text.compare.ask}
        </button>
      </form>
      <ProblemNote problem={asked.problem} />
      {asked.answers !== null && <AnswerCards {...asked.answers} />}
    </Panel>
  );
}

function AnswerCards({ answers, labelNames, untunedHead }: Answers) {
  const text = useText();
  return (
    <ul className="answer-cards" aria-live="polite">
      {answers.map((answer) => (
        <li key={answer.run} data-run={answer.run}>
          <AnswerName run={answer.run} />
          <AnswerBody answer={answer} names={labelNames} />
          {answer.run === UNTUNED && (
            <p className="hint">
              {untunedHead === 'fresh' ? text.compare.untunedFresh : text.compare.untunedOwn}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function AnswerName({ run }: { run: string }) {
  const text = useText();
  const nameOf = useMethodName();
  const header = useStudioState((state) => state.runs.find((found) => found.run === run));
  if (run === UNTUNED) return <h3>{text.compare.untuned}</h3>;
  return (
    <h3>
      <MethodMark run={run} /> {nameOf(header ?? { run, method: run })}
    </h3>
  );
}

function AnswerBody({ answer, names }: { answer: Answer; names: readonly string[] | null }) {
  const text = useText();
  const { probabilities, value, written, message, run } = answer;
  const style = useRunStyle()(run);
  const say = useSaid();
  if (message !== null) return <p className="problem">{say(message)}</p>;
  if (written !== null && probabilities === null)
    return written.trim() === '' ? (
      <p className="muted">{text.written.empty}</p>
    ) : (
      <p className="answer-text">{written}</p>
    );
  if (probabilities === null)
    return <p className="answer-value number">{value === null ? '' : formatFigures(value, 4)}</p>;
  const order = probabilities.map((share, i) => ({ share, name: names?.[i] ?? String(i) }));
  order.sort((a, b) => b.share - a.share);
  return (
    <>
      <p className="answer-value">{order[0].name}</p>
      <ul className="answer-shares">
        {order.slice(0, 5).map(({ share, name }) => (
          <li key={name}>
            <span>{name}</span>
            <span className="final-bar" aria-hidden="true">
              <span
                style={{
                  inlineSize: `${100 * share}%`,
                  background: run === UNTUNED ? 'var(--muted)' : style.color,
                }}
              />
            </span>
            <span className="number">{formatShare(share, 1)}</span>
          </li>
        ))}
      </ul>
      {written !== null && <p className="answer-text muted">{written}</p>}
    </>
  );
}
