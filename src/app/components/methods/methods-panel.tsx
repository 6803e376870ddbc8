import { CATALOGUE, METHOD_GROUPS, type MethodGroup } from '../../../deltas/catalogue.ts';
import { comparesNothing } from '../../state/combinations.ts';
import { enabledMethods } from '../../state/form.ts';
import { studyFields } from '../../state/study-preset.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { Combinations } from './combinations.tsx';
import { JsonEditor } from './json-editor.tsx';
import { MethodCard } from './method-card.tsx';

/** The methods to tick, grouped after the study's taxonomy, each with its options and what it costs. */
export function MethodsPanel() {
  const text = useText();
  const { none, count, json } = useStudioState((state) => ({
    none: comparesNothing(state.form) && state.form.json === null,
    count: enabledMethods(state.form).length + state.form.combinations.length,
    json: state.form.json !== null,
  }));
  return (
    <Panel title={text.methodsTitle} step={3} folds={text.race.ticked(count)} keepOpen={none}>
      <p className="hint">{text.methodsHelp}</p>
      {none && (
        <p className="problem" role="alert">
          {text.noMethods}
        </p>
      )}
      {!json && METHOD_GROUPS.map((group) => <Group key={group} group={group} />)}
      {!json && <AsInTheStudy />}
      {!json && <Combinations />}
      <JsonEditor />
    </Panel>
  );
}

/** Options as the study had them, with one press. */
function AsInTheStudy() {
  const text = useText();
  const studio = useStudio();
  const drafts = useStudioState((state) => state.form.methods);
  const fill = (): void => {
    for (const { id, field, text: value } of studyFields(drafts)) studio.setMethodField(id, field, value);
  };
  return (
    <p className="hint">
      <button type="button" className="quiet" onClick={fill} title={text.methods.studyHelp}>
        {text.methods.study}
      </button>
    </p>
  );
}

function Group({ group }: { group: MethodGroup }) {
  const text = useText();
  const drafts = useStudioState((state) => state.form.methods);
  const { name, help } = text.methods.groups[group];
  return (
    <section className="method-group" aria-label={name}>
      <h3>
        {name} <span className="group-help">{help}</span>
      </h3>
      {drafts
        .filter(({ type }) => CATALOGUE[type].group === group)
        .map(({ id }) => (
          <MethodCard key={id} id={id} />
        ))}
    </section>
  );
}
