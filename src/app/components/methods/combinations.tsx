import { useId, useState } from 'react';
import {
  badRate,
  combinationNames,
  withMember,
  withoutCombination,
  withoutMember,
  withRate,
  type Combination,
} from '../../state/combinations.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { MethodCost } from './method-cost.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';
import { useCardDrop } from './card-drag.ts';
import { useCardName } from './card-name.ts';

/** Methods that train together or in turn, each a row of stages to drop cards on. */
export function Combinations() {
  const text = useText().combine;
  const { form, busy, steps } = useStudioState((state) => ({
    form: state.form,
    busy: state.session !== 'idle',
    steps: state.form.training.steps,
  }));
  const names = combinationNames(form);
  return (
    <section className="method-group combinations" aria-label={text.title}>
      <h3>
        {text.title} <span className="group-help">{text.help}</span>
      </h3>
      {form.combinations.map((combination) => (
        <Row key={combination.id} combination={combination} run={names.get(combination.id)!} busy={busy} />
      ))}
      {form.combinations.some(({ stages }) => stages.length > 1) && (
        <p className="hint">{text.stageSteps(steps)}</p>
      )}
    </section>
  );
}

interface RowProps {
  combination: Combination;
  run: string;
  busy: boolean;
}

function Row({ combination, run, busy }: RowProps) {
  const text = useText().combine;
  const studio = useStudio();
  const { id, stages, learningRate } = combination;
  const name = useMethodName()({ run, method: run });
  const field = useId();
  const wrong = badRate(combination);
  return (
    <fieldset className="combination" disabled={busy} data-combination={run}>
      <legend>
        <MethodMark run={run} /> <span className="method-name">{name}</span>
        <button
          type="button"
          className="link"
          aria-label={text.removeAll(name)}
          onClick={() => studio.changeCombinations((form) => withoutCombination(form, id))}
        >
          {text.remove}
        </button>
      </legend>
      <MethodCost run={run} />
      <ol className="stages">
        {stages.map((stage, i) => (
          <Stage key={i} {...{ id, stage, index: i }} label={text.stage(i + 1)} />
        ))}
        <Stage id={id} stage={[]} index={stages.length} label={text.next} />
      </ol>
      {stages.some((stage) => stage.length > 1) && (
        <div className="field">
          <label htmlFor={field}>{text.rate}</label>
          <input
            id={field}
            type="text"
            inputMode="decimal"
            value={learningRate}
            placeholder={text.rateDefault}
            aria-invalid={wrong}
            onChange={(event) => studio.changeCombinations((form) => withRate(form, id, event.target.value))}
          />
          {wrong && <p className="field-error">{text.rateWrong}</p>}
        </div>
      )}
    </fieldset>
  );
}

interface StageProps {
  id: string;
  stage: readonly string[];
  index: number;
  label: string;
}

/** Cards that train at once, and a place for one more; the last one, empty, makes a new stage. */
function Stage({ id, stage, index, label }: StageProps) {
  const text = useText().combine;
  const studio = useStudio();
  const nameOf = useCardName();
  const drafts = useStudioState((state) => state.form.methods);
  const add = (draft: string): void =>
    studio.changeCombinations((form) => withMember(form, id, index, draft));
  // Arrow keys choose anew at every press, so the choice alone adds nothing.
  const [chosen, setChosen] = useState('');
  const { over, handlers } = useCardDrop(add);
  const others = drafts.filter((draft) => !stage.includes(draft.id));
  const known = others.some((draft) => draft.id === chosen);
  return (
    <li className={over ? 'stage over' : 'stage'} data-stage={index} {...handlers}>
      <span className="stage-name">{label}</span>
      {stage.map((member) => {
        const draft = drafts.find((one) => one.id === member);
        if (draft === undefined) return null;
        return (
          <button
            key={member}
            type="button"
            className="chip"
            aria-label={text.removeOne(nameOf(draft), label)}
            title={text.removeOne(nameOf(draft), label)}
            onClick={() => studio.changeCombinations((form) => withoutMember(form, id, index, member))}
          >
            {nameOf(draft)} <span aria-hidden="true">×</span>
          </button>
        );
      })}
      <select
        aria-label={text.addTo(label)}
        value={known ? chosen : ''}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">{stage.length === 0 ? text.then : text.together}</option>
        {others.map((draft) => (
          <option key={draft.id} value={draft.id}>
            {nameOf(draft)}
          </option>
        ))}
      </select>
      {known && (
        <button
          type="button"
          className="quiet"
          aria-label={text.put(nameOf(others.find((draft) => draft.id === chosen)!), label)}
          onClick={() => {
            add(chosen);
            setChosen('');
          }}
        >
          {text.add}
        </button>
      )}
    </li>
  );
}
