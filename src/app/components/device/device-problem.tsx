import { sheets } from '../../state/sheets.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** What is the matter when there is no device: why, and what to do. */
export function DeviceProblem() {
  const { device: text } = useText();
  const say = useSaid();
  const studio = useStudio();
  const { problem, hadRuns } = useStudioState((state) => ({
    problem: state.device.problem,
    hadRuns: state.runs.length > 0,
  }));
  if (problem === null) return null;
  return (
    <section className="device-problem" role="alert">
      <h2>{hadRuns ? text.lost : text.none}</h2>
      <p>{say(problem.message)}</p>
      <div className="device-ways">
        <button type="button" onClick={() => studio.openDevice()}>
          {text.again}
        </button>
        <button type="button" className="quiet" onClick={() => sheets.setState({ device: true })}>
          {text.set}
        </button>
      </div>
    </section>
  );
}
