import { useState } from 'react';
import type { Artifact } from '../../protocol/messages.ts';
import { saveFiles } from '../save-files.ts';
import { problemOf, type Problem } from '../state/studio-state.ts';
import { useStudio, useText } from '../use-studio.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What a run leaves: its adapter, its metrics, its record. */
export function Downloads({ run, name, ready }: { run: string; name: string; ready: boolean }) {
  const text = useText();
  const studio = useStudio();
  const [problem, setProblem] = useState<Problem | null>(null);
  const labels: Record<Artifact, string> = {
    adapter: text.downloadAdapter,
    metrics: text.downloadMetrics,
    record: text.downloadRecord,
  };
  const download = async (artifact: Artifact): Promise<void> => {
    setProblem(null);
    try {
      await saveFiles(`${run}-${artifact}`, await studio.exportRun(run, artifact));
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <span className="downloads">
      {(['adapter', 'metrics', 'record'] as const).map((artifact) => (
        <button
          key={artifact}
          type="button"
          className="quiet"
          disabled={!ready}
          aria-label={text.downloadOf(labels[artifact], name)}
          onClick={() => void download(artifact)}
        >
          {labels[artifact]}
        </button>
      ))}
      <ProblemNote problem={problem} />
    </span>
  );
}
