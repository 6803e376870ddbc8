import { useState } from 'react';
import { CATALOGUE, defaultOptions, placesOf } from '../../../deltas/catalogue.ts';
import { BUILTIN_TRAITS, defaultRate, type RatedMethod } from '../../../deltas/default-rates.ts';
import { rateOrigin } from '../../../runs/model-rates.ts';
import type { MethodSpec } from '../../../runs/spec-method.ts';
import { enabledMethods, methodFields, type MethodDraft } from '../../state/form.ts';
import { readField, writeField } from '../../state/form-fields.ts';
import { missingStart, startNames } from '../../state/draft-starts.ts';
import { methodOf } from '../../state/form-spec.ts';
import { draftNames } from '../../state/form-names.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { MethodCost } from './method-cost.tsx';
import { MethodFormula } from './method-formula.tsx';
import { useRunStyle } from '../../use-run-style.ts';
import { MethodMark } from '../method-mark.tsx';
import { OptionField } from '../option-field.tsx';
import { dragCard, useCardDrop } from './card-drag.ts';
import { useCardName } from './card-name.ts';
import { CombineField } from './combine-field.tsx';
import { LayerDiagram } from './layer-diagram.tsx';
import { RateFinder } from '../advice/rate-finder.tsx';
import { StartField } from './start-field.tsx';
import { TargetsField } from './targets-field.tsx';

/** One method: its tick, and while it is ticked what it would cost and its options. */
export function MethodCard({ id }: { id: string }) {
  const text = useText();
  const studio = useStudio();
  const { draft, busy, name } = useStudioState((state) => ({
    draft: state.form.methods.find((method) => method.id === id)!,
    busy: state.session !== 'idle',
    name: draftNames(enabledMethods(state.form)).get(id) ?? null,
  }));
  const say = useSaid();
  const styleOf = useRunStyle();
  const nameOf = useCardName();
  const { over, handlers } = useCardDrop((other) => {
    if (!busy && other !== id) studio.combine(id, other, 'together');
  });
  const { type, enabled } = draft;
  const obstacle = useStudioState((state) => state.tree?.obstacles[type] ?? null);
  const plain = text.methodNames[type];
  const shown = name === null ? nameOf(draft) : name.replace(type, plain);
  return (
    <fieldset
      className={`method${enabled ? ' ticked' : ''}${over ? ' over' : ''}`}
      disabled={busy}
      data-method={id}
      {...handlers}
      title={over ? text.combine.dropOn(nameOf(draft)) : undefined}
    >
      <legend draggable={!busy} onDragStart={(event) => dragCard(event, id)}>
        <label className="tick">
          <input
            type="checkbox"
            checked={enabled}
            onChange={(event) => studio.toggleMethod(id, event.target.checked)}
          />
          <MethodMark run={name ?? id} />
          <span className="method-name">{shown}</span>
          <span className="muted">{text.methods.help[type]}</span>
        </label>
        <LayerDiagram places={placesNow(draft)} color={styleOf(name ?? id).color} size="sign" />
      </legend>
      {obstacle !== null && (
        <p className="field-error">
          {text.methods.cannot} {say(obstacle)}
        </p>
      )}
      {enabled && (
        <div className="method-body">
          <MethodCost run={name ?? type} />
          <MethodFormula run={name ?? type} type={type} />
          <Options draft={draft} run={name ?? type} name={nameOf(draft)} color={styleOf(name ?? id).color} />
        </div>
      )}
    </fieldset>
  );
}

/** Where the method touches the model with the options as typed; as its defaults do while one does not read. */
function placesNow(draft: MethodDraft) {
  const method = methodOf(draft) ?? { type: draft.type };
  return placesOf({ ...defaultOptions(draft.type), ...method } as MethodSpec);
}

/** The options, folded: what differs from the defaults in one line, the rest on request. */
function Options({
  draft,
  run,
  name,
  color,
}: {
  draft: MethodDraft;
  run: string;
  name: string;
  color: string;
}) {
  const text = useText();
  const { type, fields } = draft;
  const all = methodFields(type);
  const broken =
    all.some((field) => readField(fields[field.name] ?? '', field) === null) || missingStart(draft) !== null;
  const changed = all
    .filter((field) => (fields[field.name] ?? '') !== writeField(field.default))
    .map(
      (field) => `${text.fieldNames[field.name] ?? field.name} ${fields[field.name] || text.methods.unset}`,
    );
  const told = [
    ...changed,
    ...startNames(draft, 'init').map(text.methods.startsFrom),
    ...startNames(draft, 'prompts'),
    ...startNames(draft, 'adapters'),
  ];
  const summary = told.join(' · ') || text.methods.allDefault;
  const [open, setOpen] = useState(false);
  return (
    <details
      className="method-options"
      // A field that does not read is never out of sight.
      open={open || broken}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary aria-label={`${text.methods.optionsOf(name)}: ${summary}`}>
        {text.methods.options} <span className="muted">{summary}</span>
      </summary>
      <div className="method-details">
        <div className="method-picture">
          <LayerDiagram places={placesNow(draft)} color={color} size="large" />
        </div>
        <Actions draft={draft} name={name} />
      </div>
      <RateFinder id={draft.id} run={run} name={name} />
      <Fields draft={draft} name={name} />
      {type !== 'full' && <CombineField id={draft.id} name={name} />}
      {CATALOGUE[type].group !== 'whole' && <StartField draft={draft} name={name} />}
    </details>
  );
}

/** What of a draft its default rate follows, as far as it can be read. */
function ratedDraft({ type, fields }: MethodDraft): RatedMethod {
  const dimension = Number(fields['dimension']);
  return { type, ...(dimension >= 1 && { dimension }) };
}

function Fields({ draft, name }: { draft: MethodDraft; name: string }) {
  const text = useText();
  const studio = useStudio();
  const { id, type, fields } = draft;
  const say = useSaid();
  const traits = useStudioState((state) => state.tree?.traits) ?? BUILTIN_TRAITS;
  const standard = {
    text: writeField(defaultRate(ratedDraft(draft), traits)),
    hint: say(rateOrigin({ defaultFor: traits })),
  };
  const render = (field: ReturnType<typeof methodFields>[number]) => {
    const props = {
      field,
      fullLabel: `${name}: ${text.fieldNames[field.name] ?? field.name}`,
      text: fields[field.name] ?? '',
      disabled: false,
      onText: (value: string) => studio.setMethodField(id, field.name, value),
      ...(field.name === 'learningRate' && { standard }),
    };
    return field.kind === 'targets' ? (
      <TargetsField key={field.name} {...props} />
    ) : (
      <OptionField key={field.name} {...props} />
    );
  };
  // Wide fields last, so that the numbers stand in one line.
  const all = [...methodFields(type, traits)].sort(
    (a, b) => Number(a.kind === 'targets') - Number(b.kind === 'targets'),
  );
  const advanced = all.filter((field) => field.advanced);
  return (
    <>
      <div className="field-grid three">{all.filter((field) => !field.advanced).map(render)}</div>
      {advanced.length > 0 && (
        <details className="more">
          <summary>{text.methods.more}</summary>
          <div className="field-grid">{advanced.map(render)}</div>
        </details>
      )}
    </>
  );
}

function Actions({ draft: { id, type }, name }: { draft: MethodDraft; name: string }) {
  const text = useText();
  const studio = useStudio();
  return (
    <div className="method-actions">
      {CATALOGUE[type].options.length > 0 && (
        <button
          type="button"
          className="link"
          aria-label={text.methods.anotherOf(name)}
          onClick={() => studio.addMethod(type)}
        >
          {text.methods.another}
        </button>
      )}
      <button
        type="button"
        className="link"
        aria-label={text.methods.defaultsOf(name)}
        onClick={() => studio.resetMethod(id)}
      >
        {text.methods.defaults}
      </button>
      {id !== type && (
        <button
          type="button"
          className="link"
          aria-label={text.methods.removeOf(name)}
          onClick={() => studio.removeMethod(id)}
        >
          {text.methods.remove}
        </button>
      )}
    </div>
  );
}
