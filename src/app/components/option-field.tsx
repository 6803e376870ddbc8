import { useId, type ReactNode } from 'react';
import { readField, type MethodField, type SeedsField } from '../state/form-fields.ts';
import { useText } from '../use-studio.tsx';
import type { Dictionary } from '../i18n/en.ts';

interface Props {
  field: MethodField | SeedsField;
  /** Label, where it is not the field's own name. */
  label?: string;
  /** Longer name for screen readers where the label alone is ambiguous on the page. */
  fullLabel?: string;
  text: string;
  disabled: boolean;
  onText: (text: string) => void;
  /** What an empty input stands for, and why. */
  standard?: { text: string; hint: string };
  /** What it is for; stands below the input while it reads. */
  help?: string;
  /** What stands below the input while it reads. */
  children?: ReactNode;
}

/** A labelled field of whatever kind that says what it accepts when what is typed does not read. */
export function OptionField(props: Props) {
  const { field, label, fullLabel, text, disabled, onText, standard, help, children } = props;
  const t = useText();
  const id = useId();
  const invalid = readField(text, field) === null;
  const name = label ?? t.fieldNames[field.name] ?? field.name;
  const common = { id, disabled, 'aria-label': fullLabel };
  if (field.kind === 'flag') {
    return (
      <label className="flag">
        <input
          {...common}
          type="checkbox"
          checked={text === 'true'}
          onChange={(event) => onText(String(event.target.checked))}
        />
        {name}
      </label>
    );
  }
  const wide = field.kind === 'targets' || field.kind === 'byRole';
  return (
    <div className={wide ? 'field wide' : 'field'}>
      <label htmlFor={id}>{name}</label>
      {field.kind === 'choice' ? (
        <select {...common} value={text} onChange={(event) => onText(event.target.value)}>
          {field.default === null && <option value="">{t.methods.unset}</option>}
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {t.methods.choices[choice] ?? choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type="text"
          inputMode={field.kind === 'integer' ? 'numeric' : field.kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          placeholder={standard?.text ?? (field.default === null ? t.methods.unset : undefined)}
          value={text}
          aria-invalid={invalid}
          aria-describedby={invalid ? `${id}-error` : help === undefined ? undefined : `${id}-help`}
          onChange={(event) => onText(event.target.value)}
        />
      )}
      {invalid ? (
        <p className="field-error" id={`${id}-error`}>
          {accepted(field, t.methods)}
        </p>
      ) : (
        <>
          {children ?? <Below field={field} text={text} standard={standard} />}
          {help !== undefined && (
            <p className="field-hint" id={`${id}-help`}>
              {help}
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** What an empty input stands for, or what is unusual about a number. */
function Below({ field, text, standard }: Pick<Props, 'field' | 'text' | 'standard'>) {
  if (standard !== undefined && text.trim() === '') return <p className="field-hint">{standard.hint}</p>;
  return <Unusual field={field} text={text} />;
}

/** A hint where a number reads but lies far from what is usual. */
function Unusual({ field, text }: { field: Props['field']; text: string }) {
  const t = useText();
  if ((field.kind !== 'integer' && field.kind !== 'number') || text.trim() === '') return null;
  const [low, high] = field.usual;
  const value = Number(text);
  return value < low || value > high ? <p className="field-hint">{t.methods.unusual(low, high)}</p> : null;
}

/** What a field accepts, in words. */
function accepted(field: Props['field'], t: Dictionary['methods']): string {
  switch (field.kind) {
    case 'integer':
      return field.max === undefined ? t.needsIntegerFrom(field.min) : t.needsInteger(field.min, field.max);
    case 'number': {
      const from = field.minOpen ? t.needsNumberAbove(field.min) : t.needsNumberFrom(field.min);
      if (field.max === undefined) return from;
      return field.maxOpen === true ? t.below(from, field.max) : t.upTo(from, field.max);
    }
    case 'byRole':
      return t.needsByRole;
    case 'seeds':
      return t.needsSeeds(field.most);
    case 'targets':
    case 'choice':
    case 'flag':
      return t.needsTargets;
  }
}
