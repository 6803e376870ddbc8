import { useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';

/** What is done before the first steps, or after the last: `Scoring the untuned model`. Null where there is no more to say. */
export function useDoing(): string | null {
  const text = useText().race;
  const nameOf = useMethodName();
  const { session, doing, method } = useStudioState((state) => {
    const { doing: what } = state;
    const run = what !== null && 'run' in what ? what.run : null;
    return {
      session: state.session,
      doing: what,
      method: state.runs.find((one) => one.run === run)?.method ?? null,
    };
  });
  if (session === 'stopping') return text.scoringLast;
  if (session !== 'preparing' || doing === null) return null;
  if (doing.what === 'scoreUntuned') return text.doing.scoreUntuned;
  const name = method === null ? doing.run : nameOf({ run: doing.run, method });
  return text.doing[doing.what](name, doing.index, doing.of);
}
