import { defaultForm, trainingFields, type TrainingFieldInfo } from '../state/form.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { BaselineField } from './baseline-field.tsx';
import { ClassWeightsField } from './class-weights-field.tsx';
import { MetricField } from './metric-field.tsx';
import { OptionField } from './option-field.tsx';
import { Panel } from './panel.tsx';

/** What all methods share: steps, batch, length, evaluation, seed; the rest on request. */
export function TrainingPanel() {
  const text = useText();
  const studio = useStudio();
  const { training, data, running, busy } = useStudioState((state) => ({
    training: state.form.training,
    data: state.data.value,
    running: state.session !== 'idle',
    busy: state.session !== 'idle' || state.form.json !== null,
  }));
  const fields = trainingFields(data);
  const render = (field: TrainingFieldInfo) => {
    const common = {
      text: training[field.name],
      disabled: busy,
      onText: (value: string) => studio.setTrainingField(field.name, value),
    };
    const key = field.name;
    switch (field.kind) {
      case 'weights': {
        const classes = data?.classes.map(({ label }) => label) ?? [];
        return <ClassWeightsField key={key} field={field} classes={classes} {...common} />;
      }
      case 'name':
        return key === 'metric' ? (
          <MetricField key={key} asks={data} {...common} />
        ) : (
          <BaselineField key={key} {...common} />
        );
      default:
        return <OptionField key={key} field={field} help={text.fieldHelp[key]} {...common} />;
    }
  };
  return (
    <Panel title={text.trainingTitle} step={4} folds={text.compare.startHint(training.steps)}>
      <div className="field-grid three">{fields.filter((field) => !field.advanced).map(render)}</div>
      <details className="more">
        <summary>{text.methods.trainingMore}</summary>
        <div className="field-grid">{fields.filter((field) => field.advanced).map(render)}</div>
      </details>
      <button type="button" className="link" disabled={running} onClick={() => studio.setForm(defaultForm())}>
        {text.race.startOver}
      </button>
    </Panel>
  );
}
