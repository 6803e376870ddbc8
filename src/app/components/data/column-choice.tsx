import { useId } from 'react';
import type { Columns, DataSummary } from '../../../protocol/messages.ts';
import type { Task } from '../../../runs/spec.ts';
import { useStudio, useText } from '../../use-studio.tsx';

/** The columns as they were guessed, to correct. */
export function ColumnChoice({ data, disabled }: { data: DataSummary; disabled: boolean }) {
  const text = useText();
  const studio = useStudio();
  const { columns, task, columnNames } = data;
  const choose = (changed: Partial<Columns>, newTask: Task = task): void => {
    void studio.chooseColumns({ ...columns, ...changed }, newTask);
  };
  const [first, second = ''] = columns.text;
  return (
    <div className="field-grid">
      <Choice
        label={text.columnText}
        value={first}
        options={columnNames}
        disabled={disabled}
        onChoose={(name) => choose({ text: second === '' || second === name ? [name] : [name, second] })}
      />
      <Choice
        label={text.columnText2}
        value={second}
        options={columnNames.filter((name) => name !== first)}
        none={text.columnNone}
        disabled={disabled}
        onChoose={(name) => choose({ text: name === '' ? [first] : [first, name] })}
      />
      <Choice
        label={text.columnLabel}
        value={columns.label}
        options={columnNames}
        disabled={disabled}
        onChoose={(label) => choose({ label })}
      />
      <Choice
        label={text.task}
        value={task}
        options={['classification', 'regression']}
        names={{ classification: text.taskClassification, regression: text.taskRegression }}
        disabled={disabled}
        onChoose={(name) => choose({}, name as Task)}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly string[];
  names?: Record<string, string>;
  /** Text of an empty first option; without it there is none. */
  none?: string;
  disabled: boolean;
  onChoose: (value: string) => void;
}

function Choice({ label, value, options, names, none, disabled, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} disabled={disabled} onChange={(event) => onChoose(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {names?.[option] ?? option}
          </option>
        ))}
      </select>
    </div>
  );
}
