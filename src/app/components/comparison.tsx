import { useText } from '../use-studio.tsx';
import { Curves } from './curves.tsx';
import { SharePanel } from './history/share-panel.tsx';
import { ShownNote } from './history/shown-note.tsx';
import { MemoryPanel } from './memory-panel.tsx';
import { ResultsPanel } from './results-panel.tsx';
import { RunControls } from './run-controls.tsx';

/** The comparison: what runs, how it goes, what came out. */
export function Comparison() {
  const text = useText();
  return (
    <section className="comparison" aria-label={text.comparison}>
      <ShownNote />
      <RunControls />
      <Curves />
      <ResultsPanel />
      <MemoryPanel />
      <SharePanel />
    </section>
  );
}
