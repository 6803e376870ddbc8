import { useState } from 'react';
import { isGone } from '../state/engine-life.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';

/** What is the matter with the engine, and the way on; or what it is at, where that takes long. */
export function EngineProblem() {
  const { engine: text } = useText();
  const studio = useStudio();
  const { engine } = useStudioState((state) => ({ engine: state.engine }));
  const [starting, setStarting] = useState(false);
  if (engine.kind === 'busy')
    return (
      <p className="engine-busy" role="status">
        {text.busy(engine.what, engine.seconds)}
      </p>
    );
  if (!isGone(engine)) return null;
  const again = (): void => {
    setStarting(true);
    void studio.restartEngine().finally(() => setStarting(false));
  };
  return (
    <section className="device-problem engine-problem" role="alert">
      <h2>{text.title}</h2>
      <p>{engine.kind === 'silent' ? text.silent(engine.what) : text.dead}</p>
      <button type="button" disabled={starting} onClick={again}>
        {text.again}
      </button>
    </section>
  );
}
