import { useId } from 'react';
import type { DataSummary, TaskSource, TaskSummary } from '../../../protocol/messages.ts';
import { formatCount } from '../../format.ts';
import { BUILTIN_TASKS } from '../../state/demos.ts';
import { firstName } from '../../state/more-tasks.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { Notes } from '../notes.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { BadRows } from './bad-rows.tsx';
import { Classes } from './classes.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { DataLook } from './data-look.tsx';
import { FileButton } from './file-button.tsx';
import { heldOutWords } from './held-out-words.ts';
import { Words } from './words.tsx';

/** Further data sets that the same delta is trained on in turn. */
export function MoreTasks({ data, disabled }: { data: DataSummary; disabled: boolean }) {
  const text = useText();
  const studio = useStudio();
  const id = useId();
  const sources = useStudioState((state) => state.dataSource.more) ?? [];
  const { more = [] } = data;
  return (
    <details className="more tasks" open={more.length > 0}>
      <summary>{text.dataStep.tasksTitle}</summary>
      <p className="hint">{text.dataStep.tasksHelp}</p>
      {more.length > 0 && <p className="hint">{text.dataStep.firstTask(firstName(data))}</p>}
      {more.map((task, i) => {
        const source = sources.find(({ name }) => name === task.name);
        return source && <Task key={task.name} set={i + 1} {...{ task, source, disabled }} />;
      })}
      <div className="choices">
        <FileButton
          label={text.dataStep.anotherTask}
          disabled={disabled}
          onFile={(train) => void studio.addTask({ kind: 'files', train, validation: null })}
        />
      </div>
      <div className="field">
        <label htmlFor={id}>{text.dataStep.builtinTask}</label>
        <select
          id={id}
          value=""
          disabled={disabled}
          onChange={({ target }) => void studio.addTask({ kind: 'builtin', name: target.value })}
        >
          <option value="">{text.dataStep.chooseTask}</option>
          {BUILTIN_TASKS.map((name) => (
            <option key={name} value={`tasks/${name}`}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </details>
  );
}

interface TaskProps {
  task: TaskSummary;
  source: TaskSource;
  /** Its place among the tasks, the first at 0. */
  set: number;
  disabled: boolean;
}

function Task({ task: { name, data }, source: { source, reading }, set, disabled }: TaskProps) {
  const text = useText();
  const studio = useStudio();
  const { problem = null, rows } = data;
  const change = (changed: Parameters<typeof studio.changeTask>[1]): void =>
    void studio.changeTask(name, changed);
  return (
    <section className="task" aria-label={name} data-task={name}>
      <div className="facts">
        <p className="facts-name">{name}</p>
        <p className="muted">
          {[
            text.dataRows(formatCount(rows.train), formatCount(rows.validation)),
            ...heldOutWords(data, text),
          ].join(' · ')}
        </p>
        <button
          type="button"
          className="link"
          disabled={disabled}
          aria-label={text.dataStep.removeTask(name)}
          onClick={() => void studio.removeTask(name)}
        >
          {text.dataStep.remove}
        </button>
        <Notes notes={data.notes} />
      </div>
      {source.kind === 'files' && (
        <div className="choices">
          <FileButton
            label={text.dataStep.taskValidation}
            disabled={disabled}
            onFile={(validation) => change({ source: { ...source, validation } })}
          />
        </div>
      )}
      {problem !== null && (
        <>
          <ProblemNote problem={{ message: problem.message, internal: false }} />
          <BadRows
            rows={problem.rows}
            question={problem.question}
            disabled={disabled}
            onReading={(changed) => change({ reading: { ...reading, ...changed } })}
          />
        </>
      )}
      <ColumnChoice data={data} disabled={disabled} onColumns={(columns) => change({ columns })} />
      <Words data={data} task={name} at={`tasks[${set}]`} disabled={disabled} />
      {data.classes.length > 0 && <Classes data={data} />}
      <DataLook data={data} set={set} name={name} />
    </section>
  );
}
