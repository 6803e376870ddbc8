import { english } from '../../sentence.ts';
import type { Problem } from '../state/studio-state.ts';
import { useSaid, useText } from '../use-studio.tsx';

/** One sentence about what went wrong, announced to screen readers. */
export function ProblemNote({ problem }: { problem: Problem | null }) {
  const text = useText();
  const say = useSaid();
  if (problem === null) return null;
  return (
    <p className="problem" role="alert">
      {problem.internal ? `${text.internalProblem} ${english(problem.message)}` : say(problem.message)}
    </p>
  );
}
