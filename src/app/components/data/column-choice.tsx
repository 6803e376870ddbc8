import { useId } from 'react';
import { answerColumn } from '../../../protocol/columns.ts';
import type { Columns, DataSummary } from '../../../protocol/messages.ts';
import type { ColumnRole } from '../../../question.ts';
import type { Task } from '../../../runs/spec.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';

/**
 * The columns as they were guessed, to correct.
 * @param onColumns of a further task, which is asked what the first one is
 */
export function ColumnChoice({
  data,
  disabled,
  onColumns,
}: {
  data: Omit<DataSummary, 'more'>;
  disabled: boolean;
  onColumns?: (columns: Columns) => void;
}) {
  const text = useText();
  const studio = useStudio();
  const { columns, task, columnNames } = data;
  const tasks = useStudioState((state) => state.model.value?.tasks ?? NO_MODEL);
  const choose = (changed: Partial<Columns>): void => {
    const chosen = { ...columns, ...changed };
    if (onColumns === undefined) void studio.chooseColumns(chosen, task);
    else onColumns(chosen);
  };
  const asked = askedOf(data);
  // The answer stays in its column, as a label or as a text to write.
  const chooseTask = (next: Asked): void => {
    const [answer, { text: texts }] = [answerColumn(columns), columns];
    const free = next === 'text2text';
    void studio.chooseColumns(
      { text: texts, ...(free ? { target: answer } : { label: answer }) },
      next === 'words' ? 'text2text' : next,
    );
  };
  const [first, second = ''] = columns.text;
  const writes = asked === 'text2text';
  // What is asked about is not chosen yet, though a column stands in for it.
  const question = data.problem?.question?.kind === 'column' ? data.problem.question : null;
  const open = (...roles: ColumnRole[]): string | undefined =>
    question !== null && roles.includes(question.what) ? text.dataStep.notChosen : undefined;
  const say = (role: ColumnRole, name: string, otherwise: () => void): void => {
    if (question?.what === role && onColumns === undefined)
      void studio.sayColumns({ ...question.known, [role]: role === 'text' ? [name] : name });
    else otherwise();
  };
  const answerRole: ColumnRole = writes ? 'target' : 'label';
  return (
    <div className="field-grid">
      <Choice
        label={writes ? text.dataStep.columnSource : text.columnText}
        value={open('text') === undefined ? first : ''}
        options={columnNames}
        none={open('text')}
        disabled={disabled}
        onChoose={(name) =>
          say('text', name, () =>
            choose({ text: second === '' || second === name ? [name] : [name, second] }),
          )
        }
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
        label={writes ? text.dataStep.columnTarget : text.columnLabel}
        value={open('label', 'target') === undefined ? answerColumn(columns) : ''}
        options={columnNames}
        none={open('label', 'target')}
        disabled={disabled}
        onChoose={(name) => say(answerRole, name, () => choose({ [answerRole]: name }))}
      />
      {onColumns === undefined && (
        <Choice
          label={text.task}
          value={asked}
          options={[...new Set([...tasks.flatMap(askedFor), asked])]}
          names={{
            classification: text.taskClassification,
            regression: text.taskRegression,
            ...text.dataStep.tasks,
          }}
          disabled={disabled}
          onChoose={(name) => chooseTask(name as Asked)}
        />
      )}
    </div>
  );
}

/** What is asked, as a person chooses it: text to text with a label's word as its target is another question. */
type Asked = Task | 'words';

const NO_MODEL: readonly Task[] = ['classification', 'regression'];

function askedOf({ task, columns }: Pick<DataSummary, 'task' | 'columns'>): Asked {
  return task === 'text2text' && columns.label !== undefined ? 'words' : task;
}

function askedFor(task: Task): Asked[] {
  return task === 'text2text' ? ['text2text', 'words'] : [task];
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
