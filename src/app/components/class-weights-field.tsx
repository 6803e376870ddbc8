import { useId } from 'react';
import { readField, writeWeights, type WeightsField } from '../state/form-fields.ts';
import { useText } from '../use-studio.tsx';

/** Classes with a field each; the JSON of the spec holds any number. */
const MOST_CLASSES = 30;

interface Props {
  field: WeightsField;
  /** Labels in the order of the classes. */
  classes: readonly string[];
  text: string;
  disabled: boolean;
  onText: (text: string) => void;
}

/** What rows of each class weigh in the loss: alike, balanced, or by hand with a number for every class. */
export function ClassWeightsField({ field, classes, text, disabled, onText }: Props) {
  const t = useText();
  const id = useId();
  const weights = readField(text, field);
  const byHand = text !== 'none' && text !== 'balanced';
  const typed = typedWeights(text);
  const choose = (choice: string): void =>
    onText(
      choice === 'byHand' ? writeWeights(Object.fromEntries(classes.map((label) => [label, 1]))) : choice,
    );
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{t.fieldNames[field.name]}</label>
        <select
          id={id}
          value={byHand ? 'byHand' : text}
          disabled={disabled}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="none">{t.methods.classWeights.none}</option>
          <option value="balanced">{t.methods.classWeights.balanced}</option>
          {(byHand || (classes.length > 0 && classes.length <= MOST_CLASSES)) && (
            <option value="byHand">{t.methods.classWeights.byHand}</option>
          )}
        </select>
        {weights === null ? (
          <p className="field-error">{t.methods.classWeights.needs}</p>
        ) : (
          <p className="field-hint">{t.fieldHelp.classWeights}</p>
        )}
      </div>
      {byHand &&
        Object.entries(typed).map(([label, weight]) => (
          <Weight
            key={label}
            label={t.methods.classWeights.of(label)}
            value={weight}
            disabled={disabled}
            onValue={(value) => onText(JSON.stringify({ ...typed, [label]: numberOr(value) }))}
          />
        ))}
    </>
  );
}

interface WeightProps {
  label: string;
  value: string | number;
  disabled: boolean;
  onValue: (value: string) => void;
}

function Weight({ label, value, disabled, onValue }: WeightProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={value}
        disabled={disabled}
        aria-invalid={typeof value !== 'number' || value <= 0}
        onChange={({ target }) => onValue(target.value)}
      />
    </div>
  );
}

/** A number where the text is just that; else the text, so that a half-written number is not lost. */
function numberOr(text: string): string | number {
  const value = Number(text);
  return text.trim() !== '' && String(value) === text.trim() ? value : text;
}

/** What stands in the fields of the classes, whether it reads or not. */
function typedWeights(text: string): Record<string, string | number> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, string | number>) : {};
  } catch {
    return {};
  }
}
