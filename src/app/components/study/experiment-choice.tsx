import { useId } from 'react';
import { EXPERIMENTS } from '../../../study/experiments/experiments.ts';
import { EXPERIMENT_NAMES, type ExperimentName } from '../../../study/study.ts';
import { STUDY_HASH } from '../../state/tab.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { useStudy, useStudyBusy } from './use-study.ts';

/** Which experiment, what it asks, and what the study found. */
export function ExperimentChoice() {
  const text = useText().study;
  const say = useSaid();
  const id = useId();
  const { study } = useStudio();
  const busy = useStudyBusy();
  const { experiment } = useStudy(({ form }) => ({ experiment: form.experiment }));
  const { question, finding, view } = EXPERIMENTS[experiment];
  const choose = (name: ExperimentName): void => {
    study.change((form) => ({ ...form, experiment: name }));
    history.replaceState(null, '', `${location.pathname}${location.search}${STUDY_HASH}=${name}`);
  };
  return (
    <Panel title={text.experiment} step={1}>
      <select
        id={id}
        aria-label={text.experiment}
        value={experiment}
        disabled={busy}
        onChange={(event) => choose(event.target.value as ExperimentName)}
      >
        {EXPERIMENT_NAMES.map((name) => (
          <option key={name} value={name}>
            {say(EXPERIMENTS[name].title)}
          </option>
        ))}
      </select>
      <p>{say(question)}</p>
      <blockquote className="finding">
        <h3>{text.finding}</h3>
        <p>{say(finding)}</p>
      </blockquote>
      <details className="more">
        <summary>{text.views}</summary>
        <p>{say(view)}</p>
        <p className="muted">{text.viewsMore}</p>
      </details>
    </Panel>
  );
}
