import { useId } from 'react';
import { EXPERIMENTS } from '../../../study/experiments/experiments.ts';
import { OPTION_NAMES, optionText, STUDY_FIELDS } from '../../state/study/study-form.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { useStudy, useStudyBusy } from './use-study.ts';

const LIMITS: readonly string[] = ['trainRows', 'validationRows', 'testRows'];

/** Seeds, steps and rows, what the grid runs over, and the whole description as JSON. */
export function StudyRuns() {
  const text = useText().study;
  const { study } = useStudio();
  const busy = useStudyBusy();
  const form = useStudy((state) => state.form);
  const known = EXPERIMENTS[form.experiment].options ?? {};
  const options = OPTION_NAMES.filter((name) => name in known);
  const disabled = busy || form.json !== null;
  return (
    <Panel title={text.run} step={5}>
      <div className="field-grid three">
        {STUDY_FIELDS.map((name) => (
          <TextField
            key={name}
            label={text.fields[name]}
            value={form.fields[name]}
            placeholder={LIMITS.includes(name) ? text.all : undefined}
            disabled={disabled}
            onText={(typed) => study.change((old) => ({ ...old, fields: { ...old.fields, [name]: typed } }))}
          />
        ))}
      </div>
      {options.length > 0 && (
        <fieldset className="study-group wide">
          <legend>{text.grid}</legend>
          <div className="field-grid">
            {options.map((name) => (
              <TextField
                key={name}
                label={text.options[name]}
                value={form.options[name] ?? ''}
                placeholder={optionText(known[name])}
                disabled={disabled}
                onText={(typed) =>
                  study.change((old) => ({ ...old, options: { ...old.options, [name]: typed } }))
                }
              />
            ))}
          </div>
        </fieldset>
      )}
      <details className="more">
        <summary>{text.json}</summary>
        <p className="muted">{text.jsonHelp}</p>
        <textarea
          className="study-json"
          aria-label={text.json}
          rows={14}
          spellCheck={false}
          disabled={busy}
          value={form.json ?? study.json()}
          onChange={(event) => study.change((old) => ({ ...old, json: event.target.value }))}
        />
        {form.json !== null && (
          <button
            type="button"
            disabled={busy}
            onClick={() => study.change((old) => ({ ...old, json: null }))}
          >
            {text.jsonBack}
          </button>
        )}
        <p className="muted">{text.command}</p>
        <code>delta study {form.experiment} --spec spec.json --out study</code>
      </details>
    </Panel>
  );
}

interface FieldProps {
  label: string;
  value: string;
  placeholder?: string;
  disabled: boolean;
  onText: (text: string) => void;
}

function TextField({ label, value, placeholder, disabled, onText }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
