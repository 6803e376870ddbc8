import { useId } from 'react';
import { comparedNames, formToSpec } from '../state/form-spec.ts';
import { useStudioState, useText } from '../use-studio.tsx';
import { useMethodName } from './method-name.ts';

interface Props {
  text: string;
  disabled: boolean;
  onText: (text: string) => void;
}

/** The method of the comparison that differences are taken to. One that is no longer ticked is not it. */
export function BaselineField({ text, disabled, onText }: Props) {
  const t = useText();
  const id = useId();
  const nameOf = useMethodName();
  // Told of every change: compared as text, since it is made anew each time.
  const listed = useStudioState(({ form, model, data }) => {
    const spec =
      model.value === null || data.value === null ? null : formToSpec(form, model.value, data.value);
    return JSON.stringify(spec === null ? [] : comparedNames(spec));
  });
  const methods = JSON.parse(listed) as ReturnType<typeof comparedNames>;
  return (
    <div className="field">
      <label htmlFor={id}>{t.fieldNames.baseline}</label>
      <select
        id={id}
        aria-describedby={`${id}-help`}
        value={methods.some(({ run }) => run === text) ? text : ''}
        disabled={disabled}
        onChange={(event) => onText(event.target.value)}
      >
        <option value="">{t.methods.baselineAuto}</option>
        {methods.map((method) => (
          <option key={method.run} value={method.run}>
            {nameOf(method)}
          </option>
        ))}
      </select>
      <p className="field-hint" id={`${id}-help`}>
        {t.fieldHelp.baseline}
      </p>
    </div>
  );
}
