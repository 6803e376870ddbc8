import { ACCEPTS, TRAINING_FIELDS } from '../state/form.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { NumberField } from './number-field.tsx';
import { Panel } from './panel.tsx';

/** What all methods share: steps, batch, length, evaluation, seed. */
export function TrainingPanel() {
  const text = useText();
  const studio = useStudio();
  const { training, busy } = useStudioState((state) => ({
    training: state.form.training,
    busy: state.session !== 'idle',
  }));
  return (
    <Panel title={text.trainingTitle}>
      <div className="field-grid three">
        {TRAINING_FIELDS.map((field) => (
          <NumberField
            key={field}
            label={text.fieldNames[field]}
            text={training[field]}
            accepts={ACCEPTS[field]}
            disabled={busy}
            onText={(value) => studio.setTrainingField(field, value)}
          />
        ))}
      </div>
    </Panel>
  );
}
