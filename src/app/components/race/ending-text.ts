import { formatSeconds } from '../../format.ts';
import type { Ending } from '../../state/studio-state.ts';
import { useText } from '../../use-studio.tsx';

/** How the end of a comparison is told: `Done in 42 s`. */
export function useEnding(): (ending: Ending) => string {
  const text = useText().race;
  return ({ kind, seconds }) => text.ended[kind](formatSeconds(Math.round(seconds), 0));
}
