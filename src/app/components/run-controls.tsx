import { useEffect, useId, useRef, type FocusEvent } from 'react';
import { formatCount, formatSeconds } from '../format.ts';
import { isGone } from '../state/engine-life.ts';
import { startObstacle } from '../state/start-obstacle.ts';
import { act, shortcutAction } from '../state/shortcuts.ts';
import { timeLeft } from '../state/time-left.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { Notes } from './notes.tsx';
import { ProblemNote } from './problem-note.tsx';
import { useDoing } from './race/doing-text.ts';
import { useEnding } from './race/ending-text.ts';
import { Question } from './race/question.tsx';
import { TellButton } from './race/tell-button.tsx';
import { StartReason } from './race/start-reason.tsx';
import { RunProgress } from './compare/run-progress.tsx';

/** Start, Pause, single steps, Stop, and how far it is: all runs, and each. */
export function RunControls() {
  const text = useText();
  const studio = useStudio();
  const { session, problem, notes, ready, fresh, known } = useStudioState((state) => ({
    session: state.session,
    problem: state.runProblem,
    notes: state.runNotes,
    fresh: state.runs.length === 0,
    // Before the engine has answered there is nothing yet to stop.
    known: state.runs.some(({ end }) => end === null),
    ready: state.session === 'idle' && startObstacle(state) === null,
  }));
  const reason = useId();
  const kept = useKeptFocus(session);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const action = shortcutAction(event);
      if (action === null || (action === 'start' && !ready)) return;
      // What is open has the keyboard to itself.
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      act(studio, action);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [studio, ready]);
  return (
    <section
      className={fresh && session === 'idle' ? 'panel run-controls fresh' : 'panel run-controls'}
      aria-label={text.comparison}
    >
      <Question rows={fresh && session === 'idle'} />
      <div className="run-buttons" {...kept}>
        <button
          type="button"
          className="primary"
          aria-keyshortcuts="S"
          disabled={!ready}
          aria-describedby={reason}
          onClick={() => void studio.start()}
        >
          {text.start}
        </button>
        {session === 'paused' && (
          <button type="button" aria-keyshortcuts="P" onClick={() => studio.resume()}>
            {text.resume}
          </button>
        )}
        {session !== 'paused' && session !== 'idle' && (
          <button
            type="button"
            aria-keyshortcuts="P"
            disabled={session !== 'running'}
            onClick={() => studio.pause()}
          >
            {text.pause}
          </button>
        )}
        {session === 'paused' && (
          <button
            type="button"
            aria-keyshortcuts="N"
            title={text.compare.shortcuts.step}
            onClick={() => studio.step()}
          >
            {text.stepOnce}
          </button>
        )}
        {session !== 'idle' && (
          <button type="button" aria-keyshortcuts="Shift+S" disabled={!known} onClick={() => studio.stop()}>
            {session === 'stopping' ? text.race.skipScoring : text.stop}
          </button>
        )}
        <TellButton />
      </div>
      <StartReason id={reason} />
      <Progress ready={ready} />
      <ProblemNote problem={problem} />
      {session !== 'idle' && <RunProgress />}
      {notes.length > 0 && (
        <div className="run-notes">
          <Notes notes={notes} />
        </div>
      )}
    </section>
  );
}

/**
 * Start goes off as it is pressed, and the others go at the end: whoever works by keys finds the focus on what can be
 * pressed next without harm, Pause or Start, and not lost.
 */
function useKeptFocus(session: string) {
  const ref = useRef<HTMLDivElement>(null);
  const had = useRef(false);
  useEffect(() => {
    if (!had.current || document.activeElement !== document.body) return;
    const next = '[aria-keyshortcuts="S"]:enabled, [aria-keyshortcuts="P"]:enabled';
    ref.current?.querySelector<HTMLButtonElement>(next)?.focus({ preventScroll: true });
  }, [session]);
  return {
    ref,
    onFocus: ({ target }: FocusEvent<HTMLElement>): void => {
      had.current = target.matches(':focus-visible');
    },
    onBlur: ({ target, relatedTarget }: FocusEvent<HTMLElement>): void => {
      if (relatedTarget !== null || !target.matches(':disabled')) had.current = false;
    },
  };
}

function Progress({ ready }: { ready: boolean }) {
  const text = useText();
  const { recorder } = useStudio();
  const session = useStudioState((state) => state.session);
  const gone = useStudioState((state) => isGone(state.engine));
  const runs = useStudioState((state) => state.runs);
  const ending = useStudioState((state) => state.ending);
  const ended = useEnding();
  const doing = useDoing();
  // What keeps it from starting stands beside Start: it is not ready then.
  const waiting = session === 'idle' && !ready ? '' : text.sessionNames[session];
  const said = session === 'idle' && ending !== null ? ended(ending) : (doing ?? waiting);
  const done = runs.reduce((sum, run) => sum + run.step, 0);
  const all = runs.reduce((sum, run) => sum + run.steps, 0);
  const training = session === 'running' || session === 'paused';
  const left = training ? timeLeft(runs, recorder.watch.seconds) : null;
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const tokens = runs.reduce((sum, run) => sum + run.tokens, 0);
  return (
    <div className="run-progress">
      <span role="status">{gone ? text.engine.title : said}</span>
      {all > 0 && (
        <>
          <progress value={done} max={all} aria-label={text.progress(done, all)} />
          <span className="number muted">{text.progress(done, all)}</span>
          {training && seconds > 0 && (
            <span className="number muted">
              {text.compare.tokensPerSecond(formatCount(Math.round(tokens / seconds)))}
            </span>
          )}
          {left !== null && left > 0 && (
            <span className="number muted">{text.compare.timeLeft(formatSeconds(Math.ceil(left), 0))}</span>
          )}
        </>
      )}
    </div>
  );
}
