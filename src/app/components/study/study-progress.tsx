import { useState } from 'react';
import { formatBytes, formatMetric, formatSeconds } from '../../format.ts';
import type { PlannedCell, StudyPlan } from '../../../protocol/study.ts';
import type { Sentence } from '../../../sentence.ts';
import { ended, type StudyState } from '../../state/study/study-actions.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useStudy } from './use-study.ts';

/** What a study comes to, what is to be done with it, and how far each cell is. */
export function StudyProgressPanel() {
  const text = useText().study;
  const say = useSaid();
  const state = useStudy((all) => all);
  const { plan, problem, phase } = state;
  const same = plan?.results.same ?? [];
  // Results say it themselves.
  const before = plan !== null && plan.totals.runs > 0 ? plan.beforehand : [];
  const counts = plan && ended(plan);
  const all = plan?.cells.length ?? 0;
  const done = counts === null ? 0 : all - counts.toDo - counts.refused;
  return (
    <Panel title={text.progress}>
      <ProblemNote problem={problem} />
      {plan === null && problem === null && state.form.datasets.length === 0 && (
        <p className="muted">{text.chooseData}</p>
      )}
      <p className="study-totals" role="status" data-phase={phase}>
        <Told {...state} />
      </p>
      {[...before, ...same, ...reasonsOf(plan)].map((sentence) => (
        <p key={say(sentence)} className="study-told">
          {say(sentence)}
        </p>
      ))}
      {plan !== null && all > 0 && (
        <>
          <progress value={done} max={all} aria-label={text.doneOf(done, all)} />
          <p className="muted">{text.doneOf(done, all)}</p>
        </>
      )}
      <Controls state={state} done={done} />
      <p className="muted">{text.kept}</p>
      {plan !== null && <Cells state={state} cells={plan.cells} />}
    </Panel>
  );
}

/** Reasons that are told before the cells: many cells of a grid have one in common. */
const MOST_REASONS = 3;

/** Why cells cannot run, each reason once. */
function reasonsOf(plan: StudyPlan | null): Sentence[] {
  const refused = plan?.cells.filter(({ state }) => state === 'refused') ?? [];
  const whys = refused.flatMap(({ why }) => (why === undefined ? [] : [[JSON.stringify(why), why] as const]));
  return [...new Map(whys).values()].slice(0, MOST_REASONS);
}

/** What is left, or what is going on. */
function Told({ plan, phase, left, waiting, planned, form }: StudyState) {
  const { study: text } = useText();
  if (phase === 'running' && waiting > 0) return text.waiting(waiting);
  if (phase !== 'idle') {
    const rest = left === null || phase !== 'running' ? [] : [text.left(formatSeconds(left, 0))];
    return [text.phases[phase], ...rest].join(text.betweenParts);
  }
  if (plan === null || !planned.startsWith(form.experiment)) return null;
  const { cells, refused, runs, seconds, bytes } = plan.totals;
  const trains = plan.cells.some(({ kind }) => kind !== 'plan');
  const parts = [
    text.countOf(cells),
    ...(refused > 0 ? [text.cannotRun(refused)] : []),
    trains ? text.runsLeft(runs) : text.noTraining,
    ...(seconds > 0 ? [text.takes(formatSeconds(seconds, 0))] : []),
    ...(bytes > 0 ? [text.memory(formatBytes(bytes))] : []),
  ];
  return parts.join(text.betweenParts);
}

function Controls({ state: { plan, phase }, done }: { state: StudyState; done: number }) {
  const text = useText().study;
  const { study } = useStudio();
  const idle = phase === 'idle' || phase === 'planning';
  const left = plan !== null && plan.cells.some(({ state }) => state === 'toDo' || state === 'failed');
  return (
    <div className="choices">
      {idle && (
        <button
          type="button"
          className="primary"
          disabled={phase !== 'idle' || !left}
          onClick={() => void study.start()}
        >
          {done > 0 ? text.goOn : text.start}
        </button>
      )}
      {phase === 'running' && (
        <button type="button" onClick={() => study.pause()}>
          {text.pause}
        </button>
      )}
      {phase === 'paused' && (
        <button type="button" className="primary" onClick={() => study.resume()}>
          {text.resume}
        </button>
      )}
      {!idle && (
        <button type="button" disabled={phase === 'stopping'} onClick={() => study.stop()}>
          {text.stop}
        </button>
      )}
      {idle && done > 0 && <Forget key={`${phase} ${done}`} disabled={phase !== 'idle'} />}
    </div>
  );
}

/** Asks once more. */
function Forget({ disabled }: { disabled: boolean }) {
  const text = useText().study;
  const { study } = useStudio();
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="quiet"
      disabled={disabled}
      onClick={() => (sure ? void study.forget() : setSure(true))}
    >
      {sure ? text.forgetSure : text.forget}
    </button>
  );
}

function Cells({ state, cells }: { state: StudyState; cells: readonly PlannedCell[] }) {
  const text = useText().study;
  return (
    <details className="more" open={cells.length <= 24}>
      <summary>{text.cells}</summary>
      <div className="scroll" tabIndex={0} role="group" aria-label={text.cells}>
        <table className="numbers study-cells">
          <thead>
            <tr>
              <th scope="col">{text.cell}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.time}</th>
              <th scope="col">{text.memoryColumn}</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((cell) => (
              <CellRow key={cell.id} cell={cell} state={state} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function CellRow({ cell, state: { atWork, scores } }: { cell: PlannedCell; state: StudyState }) {
  const { study: text } = useText();
  const say = useSaid();
  const working = atWork?.cell === cell.id ? atWork : null;
  const score = scores[cell.id] ?? cell.score;
  const how =
    working !== null && working.steps > 0
      ? text.atStep(working.step, working.steps)
      : score === undefined
        ? text.states[cell.state]
        : [text.states[cell.state], formatMetric(score.metric, score.value)].join(text.betweenParts);
  return (
    <tr data-cell={cell.id} data-state={working === null ? cell.state : 'working'}>
      <th scope="row">
        {say(cell.name)}
        {cell.why !== undefined && <span className="muted study-why">{say(cell.why)}</span>}
      </th>
      <td data-label={text.state}>{how}</td>
      <td data-label={text.time}>{cell.seconds === null ? '–' : formatSeconds(cell.seconds)}</td>
      <td data-label={text.memoryColumn}>{cell.bytes === null ? '–' : formatBytes(cell.bytes)}</td>
    </tr>
  );
}
