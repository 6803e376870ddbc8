import { useId } from 'react';
import { answersInWords } from '../../../protocol/columns.ts';
import type { DataSummary } from '../../../protocol/messages.ts';
import { wordProblem, wordsOfTask } from '../../state/form-spec.ts';
import { labelsOf, takesTemplate, templateOf, usualTemplate, wordOf } from '../../state/form-words.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** Labels with a field each; a dataset with more is no question of words. */
const MOST_LABELS = 30;

/**
 * The template around the texts, and the word that stands for each label.
 * @param task name of the further task whose they are; of the first one where left out
 * @param at its place in the spec
 */
export function Words({ data, disabled, task, at = 'data' }: WordsProps) {
  const text = useText().dataStep;
  const studio = useStudio();
  const say = useSaid();
  const { form: whole, forecastProblem } = useStudioState((state) => ({
    form: state.form,
    forecastProblem: state.forecast.problem,
  }));
  if (!takesTemplate(data)) return null;
  const form = task === undefined ? whole : { ...whole, ...wordsOfTask(whole, task) };
  const setTemplate = (template: string): void =>
    task === undefined ? studio.setTemplate(template) : studio.setTaskWords(task, { template });
  const setWord = (label: string, word: string): void =>
    task === undefined
      ? studio.setWord(label, word)
      : studio.setTaskWords(task, { words: { ...form.words, [label]: word } });
  const found = wordProblem(form, data);
  // What is wrong with the words themselves is said of `data`, what the engine says of the task's own place.
  const told = found === null ? forecastProblem?.where?.replace(`${at}.`, 'data.') : undefined;
  const where = found?.where ?? (at === 'data' || forecastProblem?.where?.startsWith(at) ? told : undefined);
  const message = say(found?.sentence ?? forecastProblem?.message ?? '');
  const problemAt = (path: string): string | null => (where === path ? message : null);
  const labels = answersInWords(data) ? labelsOf(data) : [];
  const own = disabled || form.json !== null;
  const template = (
    <Field
      label={text.template}
      value={templateOf(form, data)}
      placeholder={usualTemplate(data) === '' ? '{text}' : usualTemplate(data)}
      help={text.templateHelp(data.task === 'maskedLm', data.columns.text.length === 2)}
      problem={problemAt('data.template')}
      disabled={own}
      onText={setTemplate}
    />
  );
  if (labels.length === 0) {
    return (
      <details className="more" open={form.template !== null && form.template !== ''}>
        <summary>{text.template}</summary>
        {template}
      </details>
    );
  }
  const general = problemAt('data.verbalizer');
  return (
    <fieldset className="words" disabled={own}>
      <legend>{text.words}</legend>
      <p className="hint">{data.task === 'maskedLm' ? text.wordsMask : text.wordsWrite}</p>
      {template}
      <div className="field-grid">
        {labels.slice(0, MOST_LABELS).map((label) => (
          <Field
            key={label}
            label={text.wordFor(label)}
            value={wordOf(form, label, labels)}
            problem={problemAt(`data.verbalizer.${label}`)}
            disabled={own}
            onText={(value) => setWord(label, value)}
          />
        ))}
      </div>
      {general !== null && (
        <p className="field-error" role="alert">
          {general}
        </p>
      )}
    </fieldset>
  );
}

interface WordsProps {
  data: Omit<DataSummary, 'more'>;
  disabled: boolean;
  task?: string;
  at?: string;
}

interface FieldProps {
  label: string;
  value: string;
  placeholder?: string;
  help?: string;
  problem: string | null;
  disabled: boolean;
  onText: (value: string) => void;
}

function Field({ label, value, placeholder, help, problem, disabled, onText }: FieldProps) {
  const id = useId();
  return (
    <div className={help === undefined ? 'field' : 'field wide'}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={problem !== null}
        aria-describedby={problem !== null || help !== undefined ? `${id}-about` : undefined}
        onChange={(event) => onText(event.target.value)}
      />
      {problem !== null ? (
        <p className="field-error" id={`${id}-about`}>
          {problem}
        </p>
      ) : (
        help !== undefined && (
          <p className="field-hint" id={`${id}-about`}>
            {help}
          </p>
        )
      )}
    </div>
  );
}
