import { ACCEPTS, FORM_METHODS, METHOD_FIELDS, type FormMethod } from '../state/form.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { MethodMark } from './method-mark.tsx';
import { NumberField } from './number-field.tsx';
import { Panel } from './panel.tsx';

/** The methods to tick, each with its own numbers. */
export function MethodsPanel() {
  const text = useText();
  const none = useStudioState((state) =>
    Object.values(state.form.methods).every((method) => !method.enabled),
  );
  return (
    <Panel title={text.methodsTitle}>
      <p className="hint">{text.methodsHelp}</p>
      {FORM_METHODS.map((type) => (
        <Method key={type} type={type} />
      ))}
      {none && (
        <p className="problem" role="alert">
          {text.noMethods}
        </p>
      )}
    </Panel>
  );
}

function Method({ type }: { type: FormMethod }) {
  const text = useText();
  const studio = useStudio();
  const { form, busy } = useStudioState((state) => ({
    form: state.form.methods[type],
    busy: state.session !== 'idle',
  }));
  return (
    <fieldset className="method" disabled={busy}>
      <legend>
        <label className="tick">
          <input
            type="checkbox"
            checked={form.enabled}
            onChange={(event) => studio.toggleMethod(type, event.target.checked)}
          />
          <MethodMark method={type} />
          <span className="method-name">{text.methodNames[type]}</span>
          <span className="muted">{text.methodHelp[type]}</span>
        </label>
      </legend>
      {form.enabled && (
        <div className="field-grid three">
          {METHOD_FIELDS[type].map((field) => (
            <NumberField
              key={field}
              label={text.fieldNames[field]}
              fullLabel={`${text.methodNames[type]}: ${text.fieldNames[field]}`}
              text={form.fields[field] ?? ''}
              accepts={ACCEPTS[field]}
              disabled={busy}
              onText={(value) => studio.setMethodField(type, field, value)}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
