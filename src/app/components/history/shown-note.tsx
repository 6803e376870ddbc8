import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** Which stored comparison is on show, what stands in the way of its predictions, and Resume where it can go on. */
export function ShownNote() {
  const text = useText();
  const say = useSaid();
  const { stored } = useStudio();
  const { shown, storageProblem, unfinished, idle } = useStudioState((state) => ({
    shown: state.shown,
    storageProblem: state.storageProblem,
    idle: state.session === 'idle',
    unfinished: state.runs.some(({ phase }) =>
      ['interrupted', 'stopped', 'deviceLost', 'failed'].includes(phase),
    ),
  }));
  const reopened = shown !== null && shown.kind !== 'live';
  const resumable = shown !== null && idle && unfinished && !shown.elsewhere;
  if (!reopened && !resumable && storageProblem === null) return null;
  return (
    <div className="shown-note">
      {storageProblem !== null && (
        <p className="problem" role="alert">
          {text.history.notStored}: {say(storageProblem)}
        </p>
      )}
      {reopened && (
        <p>
          <strong>{shown.name}</strong> {shown.elsewhere && text.history.elsewhere}{' '}
          {shown.note !== null && text.history.noPredictions(shown.note)}
        </p>
      )}
      {!reopened && resumable && <p>{text.history.unfinished}</p>}
      {resumable && (
        <button type="button" onClick={() => void stored.goOn(shown.id)}>
          {text.history.goOn}
        </button>
      )}
    </div>
  );
}
