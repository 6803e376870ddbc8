import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { MethodType } from '../../../deltas/defaults.ts';
import type { FolderFile } from '../../../protocol/messages.ts';
import { earlierAdapters } from '../../state/earlier-adapters.ts';
import type { StartPlace } from '../../state/draft-starts.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';

interface EarlierRunsProps {
  type: MethodType;
  place: StartPlace;
  /** What is chosen, for screen readers. */
  label: string;
  onChoose: (chosen: { name: string; files: FolderFile[] }) => void;
}

/** Runs of this browser's history whose adapters fit, to choose one; nothing where there are none. */
export function EarlierRuns({ type, place, label, onChoose }: EarlierRunsProps) {
  const text = useText().methods;
  const studio = useStudio();
  const { history } = studio;
  const entries = useStore(history.store, (state) => state.entries);
  const source = useStudioState((state) => state.model.value?.source);
  const session = useStudioState((state) => state.session);
  // The list is read when the history opens; here it is wanted before, and again when runs have ended.
  useEffect(() => {
    if (session === 'idle') void history.refresh();
  }, [history, session]);
  const found = useMemo(
    () => (source === undefined ? [] : earlierAdapters(entries, { type, place, source })),
    [entries, type, place, source],
  );
  if (found.length === 0) return null;
  const choose = async (index: number): Promise<void> => {
    const { entry, run } = found[index];
    const files = await studio.stored.adapterOf(entry, run);
    if (files !== null) onChoose({ name: run, files });
  };
  return (
    <select
      aria-label={text.earlierRunOf(label)}
      value=""
      onChange={(event) => void choose(Number(event.target.value))}
    >
      <option value="" disabled>
        {text.earlierRun}
      </option>
      {found.map(({ entry, run, label: name }, i) => (
        <option key={`${entry.comparison.id} ${run}`} value={i}>
          {name}
        </option>
      ))}
    </select>
  );
}
