import { useId } from 'react';
import type { Joining } from '../../state/combinations.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { useCardName } from './card-name.ts';

/** Makes a combination of this card and another without a mouse: the same as dragging it onto the other. */
export function CombineField({ id, name }: { id: string; name: string }) {
  const text = useText().combine;
  const studio = useStudio();
  const field = useId();
  const nameOf = useCardName();
  const drafts = useStudioState((state) => state.form.methods);
  const others = drafts.filter((draft) => draft.id !== id);
  const choose = (value: string): void => {
    const [how, other] = value.split(' ');
    if (other === undefined) return;
    if (how === 'then') studio.combine(id, other, 'then');
    else studio.combine(id, other, 'together' satisfies Joining);
  };
  return (
    <div className="field combine-field">
      <label htmlFor={field}>
        <span className="visually-hidden">{name}: </span>
        {text.with}
      </label>
      <select id={field} value="" onChange={(event) => choose(event.target.value)}>
        <option value="">{text.choose}</option>
        {(['together', 'then'] as const).map((how) => (
          <optgroup key={how} label={text.how[how]}>
            {others.map((draft) => (
              <option key={draft.id} value={`${how} ${draft.id}`}>
                {how === 'then' ? `${name} → ${nameOf(draft)}` : `${name} + ${nameOf(draft)}`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
