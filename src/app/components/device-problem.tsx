import { useSaid, useStudio, useStudioState, useText } from '../use-studio.tsx';

/** What is the matter when there is no device: why, and what to do. */
export function DeviceProblem() {
  const text = useText();
  const say = useSaid();
  const studio = useStudio();
  const { problem, hadRuns } = useStudioState((state) => ({
    problem: state.device.problem,
    hadRuns: state.runs.length > 0,
  }));
  if (problem === null) return null;
  return (
    <section className="device-problem" role="alert">
      <h2>{hadRuns ? text.deviceLostTitle : text.noWebGpuTitle}</h2>
      {!hadRuns && <p>{text.noWebGpuWhy}</p>}
      <p>{say(problem.message)}</p>
      {hadRuns ? (
        <button type="button" onClick={() => studio.openDevice()}>
          {text.openAgain}
        </button>
      ) : (
        <p>{text.noWebGpuDo}</p>
      )}
    </section>
  );
}
