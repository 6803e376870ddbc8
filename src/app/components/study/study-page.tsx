/** The Study page: what is asked on the left, how it goes and what comes of it on the right. */
import { useEffect } from 'react';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { Guard } from '../guard.tsx';
import { DataSets } from './data-sets.tsx';
import { ExperimentChoice } from './experiment-choice.tsx';
import { MethodsChoice } from './methods-choice.tsx';
import { ModelsChoice } from './models-choice.tsx';
import { StudyProgressPanel } from './study-progress.tsx';
import { StudyResults } from './study-results.tsx';
import { StudyRuns } from './study-runs.tsx';

export default function StudyPage() {
  const text = useText().study;
  const { study } = useStudio();
  const { model, ready } = useStudioState((state) => ({
    model: state.model.value,
    ready: state.device.value !== null,
  }));
  const source = model?.source;
  const task = model?.tasks[0];
  useEffect(() => {
    const open = source === undefined || source.startsWith('builtin:') || task === undefined;
    study.store.setState({ open: open ? null : { source, task } });
    // What it comes to is asked once there is something to run on.
    if (ready && study.store.getState().plan === null) void study.plan();
  }, [study, source, task, ready]);
  return (
    <main className="columns study">
      <section className="comparison" aria-label={text.progress}>
        <Guard title={text.progress}>
          <StudyProgressPanel />
        </Guard>
        <Guard title={text.results}>
          <StudyResults />
        </Guard>
      </section>
      <section className="setup" aria-label={text.title}>
        <Guard title={text.experiment}>
          <ExperimentChoice />
        </Guard>
        <Guard title={text.data}>
          <DataSets />
        </Guard>
        <Guard title={text.models}>
          <ModelsChoice />
        </Guard>
        <Guard title={text.methods}>
          <MethodsChoice />
        </Guard>
        <Guard title={text.run}>
          <StudyRuns />
        </Guard>
      </section>
    </main>
  );
}
