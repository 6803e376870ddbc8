import type { ReactNode } from 'react';

interface Props {
  label: string;
  checked: boolean;
  disabled: boolean;
  onChange: (checked: boolean) => void;
  children?: ReactNode;
}

/** A tick with its label; what belongs to it stands behind. */
export function Tick({ label, checked, disabled, onChange, children }: Props) {
  return (
    <div className="study-tick">
      <label>
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      {children}
    </div>
  );
}

/** A list with a value in it, or without. */
export function withTick<Value>(list: readonly Value[], value: Value, checked: boolean): Value[] {
  const others = list.filter((one) => one !== value);
  return checked ? [...others, value] : others;
}
