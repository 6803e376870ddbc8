import { TRAINING_FIELDS } from '../state/form.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { OptionField } from './option-field.tsx';
import { Panel } from './panel.tsx';

/** What all methods share: steps, batch, length, evaluation, seed; the rest on request. */
export function TrainingPanel() {
  const text = useText();
  const studio = useStudio();
  const { training, busy } = useStudioState((state) => ({
    training: state.form.training,
    busy: state.session !== 'idle' || state.form.json !== null,
  }));
  const render = (field: (typeof TRAINING_FIELDS)[number]) => (
    <OptionField
      key={field.name}
      field={field}
      text={training[field.name]}
      disabled={busy}
      onText={(value) => studio.setTrainingField(field.name, value)}
    />
  );
  return (
    <Panel title={text.trainingTitle} step={4}>
      <div className="field-grid three">{TRAINING_FIELDS.filter((field) => !field.advanced).map(render)}</div>
      <details className="more">
        <summary>{text.methods.trainingMore}</summary>
        <div className="field-grid">{TRAINING_FIELDS.filter((field) => field.advanced).map(render)}</div>
      </details>
    </Panel>
  );
}
