import { useState } from 'react';
import type { Artifact } from '../../protocol/messages.ts';
import { saveFiles } from '../save-files.ts';
import { problemOf, type Problem } from '../state/studio-state.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What a run leaves: its adapter, the tuned model as ONNX, its metrics, its record. */
export function Downloads({ run, name, ready }: { run: string; name: string; ready: boolean }) {
  const text = useText();
  const studio = useStudio();
  // The model has the head of one task: of that which is looked at, or of the first.
  const task = useStudioState(({ shownTask, startedSpec }) => shownTask ?? startedSpec?.tasks?.[0].name);
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
      const of = artifact === 'model' && task !== undefined ? [task] : [];
      await saveFiles([run.replaceAll('/', '-'), ...of, artifact].join('-'), files);
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
