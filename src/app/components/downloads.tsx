import { useState } from 'react';
import type { Artifact } from '../../protocol/messages.ts';
import { saveFiles } from '../save-files.ts';
import { problemOf, type Problem } from '../state/studio-state.ts';
import { useStudio, useText } from '../use-studio.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What a run leaves: its adapter, the tuned model as ONNX, its metrics, its record. */
export function Downloads({ run, name, ready }: { run: string; name: string; ready: boolean }) {
  const text = useText();
  const studio = useStudio();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState<number | null>(null);
  const labels: Record<Artifact, string> = {
    adapter: text.downloadAdapter,
    model: text.downloadModel,
    metrics: text.downloadMetrics,
    record: text.downloadRecord,
  };
  const download = async (artifact: Artifact): Promise<void> => {
    setProblem(null);
    setBusy(true);
    try {
      const { files, difference } = await studio.exportRun(run, artifact);
      if (difference !== undefined) setChecked(difference);
      await saveFiles(`${run.replaceAll('/', '-')}-${artifact}`, files);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="downloads">
      {(['adapter', 'model', 'metrics', 'record'] as const).map((artifact) => (
        <button
          key={artifact}
          type="button"
          className="quiet"
          disabled={!ready || busy}
          aria-label={text.downloadOf(labels[artifact], name)}
          onClick={() => void download(artifact)}
        >
          {labels[artifact]}
        </button>
      ))}
      {checked !== null && <small role="status">{text.modelChecked(checked.toExponential(1))}</small>}
      <ProblemNote problem={problem} />
    </span>
  );
}
