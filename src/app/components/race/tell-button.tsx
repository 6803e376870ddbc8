import { useStore } from 'zustand';
import { askToTell, tellsEnd } from '../../state/tell-end.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

/** Asks whether a notification may say when the comparison has ended; gone once that is decided. */
export function TellButton() {
  const text = useText().race;
  const may = useStore(tellsEnd, (state) => state.may);
  const busy = useStudioState((state) => state.session !== 'idle');
  if (!busy || may !== 'ask') return null;
  return (
    <button type="button" className="quiet" onClick={() => void askToTell()}>
      {text.tellMe}
    </button>
  );
}
