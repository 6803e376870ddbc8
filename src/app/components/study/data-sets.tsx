import { builtinTasks } from '../../builtin-tasks.ts';
import { dataOfTables, partsOf } from '../../state/sort-drop.ts';
import { HUB, ownKey, type OwnData } from '../../state/study/study-form.ts';
import { comparisonData } from '../../state/study/comparison-data.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { HubData } from '../hub-data.tsx';
import { Panel } from '../panel.tsx';
import { Tick, withTick } from './tick.tsx';
import { useStudy, useStudyBusy } from './use-study.ts';

/** In the order of the study. */
const KINDS = ['sentiment', 'inference', 'paraphrase', 'question', 'summary'];

/** The built-in tasks by their kinds, and data of the person's own. */
export function DataSets() {
  const text = useText().study;
  const studio = useStudio();
  const { study } = studio;
  const busy = useStudyBusy();
  const { datasets, own, json } = useStudy((state) => ({
    datasets: state.form.datasets,
    own: state.own,
    json: state.form.json,
  }));
  // Of the comparison: its form and its data change what can be taken over.
  const { form, model, data, source } = useStudioState((state) => ({
    form: state.form,
    model: state.model.value,
    data: state.data.value,
    source: state.dataSource,
  }));
  const disabled = busy || json !== null;
  const here = comparisonData(form, model, data, source);
  const tick = (key: string, checked: boolean): void =>
    study.change((old) => ({ ...old, datasets: withTick(old.datasets, key, checked) }));
  const add = (files: readonly File[]): void => {
    const found = ownOf(files);
    if (found !== null) study.addOwn(found);
  };
  const kinds = KINDS.filter((kind) => builtinTasks.some((task) => task.kind === kind));
  return (
    <Panel title={text.data} step={2}>
      {kinds.map((kind) => (
        <fieldset key={kind} className="study-group">
          <legend>{text.kinds[kind] ?? kind}</legend>
          {builtinTasks
            .filter((task) => task.kind === kind)
            .map(({ name }) => (
              <Tick
                key={name}
                label={name}
                checked={datasets.includes(name)}
                disabled={disabled}
                onChange={(checked) => tick(name, checked)}
              />
            ))}
        </fieldset>
      ))}
      {own.length > 0 && (
        <fieldset className="study-group">
          <legend>{text.kinds.own}</legend>
          {own.map((one) => (
            <Tick
              key={one.name}
              label={one.name}
              checked={datasets.includes(ownKey(one))}
              disabled={disabled}
              onChange={(checked) => tick(ownKey(one), checked)}
            >
              <button
                type="button"
                className="quiet"
                disabled={disabled}
                aria-label={text.remove(one.name)}
                onClick={() => study.removeOwn(one.name)}
              >
                ×
              </button>
            </Tick>
          ))}
        </fieldset>
      )}
      {datasets.some((key) => key.startsWith(HUB)) && (
        <fieldset className="study-group wide">
          <legend>{text.kinds.hub}</legend>
          {datasets
            .filter((key) => key.startsWith(HUB))
            .map((key) => (
              <Tick
                key={key}
                label={key.slice(HUB.length)}
                checked
                disabled={disabled}
                onChange={() => tick(key, false)}
              />
            ))}
        </fieldset>
      )}
      <div className="choices">
        <label className="button">
          {text.addFiles}
          <input
            type="file"
            className="visually-hidden"
            multiple
            disabled={disabled}
            onChange={(event) => {
              add([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </label>
        {here !== null && (
          <button type="button" disabled={disabled} onClick={() => study.addOwn(here)}>
            {text.takeComparison(here.name)}
          </button>
        )}
      </div>
      <p className="muted">{text.addFilesHelp}</p>
      <HubData action={text.hubAdd} disabled={disabled} onTake={(reference) => tick(reference, true)} />
    </Panel>
  );
}

/** Files as a data set: parts are told apart by their names. */
function ownOf(files: readonly File[]): OwnData | null {
  const tables = files.map((file) => ({ path: file.name, file }));
  const parts = partsOf(tables);
  const data = dataOfTables(tables.map((one) => ({ ...one, part: parts.get(one) ?? null })));
  return data && { name: data.train.name.replace(/\.[^.]*$/, ''), ...data };
}
