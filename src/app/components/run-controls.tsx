import { enabledMethods, formErrors } from '../state/form.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { Notes } from './notes.tsx';
import { ProblemNote } from './problem-note.tsx';

/** Start, Pause, Stop, and how far it is. */
export function RunControls() {
  const text = useText();
  const studio = useStudio();
  const { session, problem, notes, ready } = useStudioState((state) => ({
    session: state.session,
    problem: state.runProblem,
    notes: state.runNotes,
    ready:
      state.device.value !== null &&
      state.model.value !== null &&
      state.data.value !== null &&
      !state.model.loading &&
      !state.data.loading &&
      enabledMethods(state.form).length > 0 &&
      formErrors(state.form).length === 0,
  }));
  const active = session === 'running' || session === 'paused';
  return (
    <section className="panel run-controls" aria-label={text.comparison}>
      <div className="run-buttons">
        <button
          type="button"
          className="primary"
          disabled={session !== 'idle' || !ready}
          onClick={() => void studio.start()}
        >
          {text.start}
        </button>
        {session === 'paused' ? (
          <button type="button" onClick={() => studio.resume()}>
            {text.resume}
          </button>
        ) : (
          <button type="button" disabled={session !== 'running'} onClick={() => studio.pause()}>
            {text.pause}
          </button>
        )}
        <button type="button" disabled={!active} onClick={() => studio.stop()}>
          {text.stop}
        </button>
      </div>
      <Progress />
      <ProblemNote problem={problem} />
      {notes.length > 0 && (
        <div className="run-notes">
          <Notes notes={notes} />
        </div>
      )}
    </section>
  );
}

function Progress() {
  const text = useText();
  const { session, done, all } = useStudioState((state) => ({
    session: state.session,
    done: state.runs.reduce((sum, run) => sum + run.step, 0),
    all: state.runs.reduce((sum, run) => sum + run.steps, 0),
  }));
  return (
    <div className="run-progress">
      <span role="status">{text.sessionNames[session]}</span>
      {all > 0 && (
        <>
          <progress value={done} max={all} aria-label={text.progress(done, all)} />
          <span className="number muted">{text.progress(done, all)}</span>
        </>
      )}
    </div>
  );
}
