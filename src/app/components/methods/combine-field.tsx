import { useId, useState } from 'react';
import type { Joining } from '../../state/combinations.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { useCardName } from './card-name.ts';

/**
 * Makes a combination of this card and another without a mouse: the same as dragging it onto the other. A button does
 * it, not the choice, which the arrow keys make anew at every press.
 */
export function CombineField({ id, name }: { id: string; name: string }) {
  const text = useText().combine;
  const studio = useStudio();
  const field = useId();
  const nameOf = useCardName();
  const drafts = useStudioState((state) => state.form.methods);
  const others = drafts.filter((draft) => draft.id !== id);
  const [chosen, setChosen] = useState('');
  const [how, other] = chosen.split(' ');
  const known = others.some((draft) => draft.id === other);
  const combine = (): void => {
    studio.combine(id, other, how as Joining);
    setChosen('');
  };
  return (
    <div className="field combine-field">
      <label htmlFor={field}>
        <span className="visually-hidden">{name}: </span>
        {text.with}
      </label>
      <span className="choose-and-do">
        <select id={field} value={known ? chosen : ''} onChange={(event) => setChosen(event.target.value)}>
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
        <button type="button" disabled={!known} onClick={combine}>
          {text.combine}
        </button>
      </span>
    </div>
  );
}
