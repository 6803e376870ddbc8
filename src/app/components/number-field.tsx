import { useId } from 'react';
import { readField, type Accepts } from '../state/form.ts';
import { useText } from '../use-studio.tsx';

interface Props {
  label: string;
  /** Longer name for screen readers where the label alone is ambiguous on the page. */
  fullLabel?: string;
  text: string;
  accepts: Accepts;
  disabled: boolean;
  onText: (text: string) => void;
}

/** A labelled number that says what it accepts when what is typed does not read. */
export function NumberField({ label, fullLabel, text, accepts, disabled, onText }: Props) {
  const t = useText();
  const id = useId();
  const invalid = readField(text, accepts) === null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={accepts.integer ? 'numeric' : 'decimal'}
        autoComplete="off"
        spellCheck={false}
        value={text}
        disabled={disabled}
        aria-label={fullLabel}
        aria-invalid={invalid}
        aria-describedby={invalid ? `${id}-error` : undefined}
        onChange={(event) => onText(event.target.value)}
      />
      {invalid && (
        <p className="field-error" id={`${id}-error`}>
          {accepts.integer ? t.needsInteger(accepts.min, accepts.max) : t.needsNumber}
        </p>
      )}
    </div>
  );
}
