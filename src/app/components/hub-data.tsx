import { useId, useState } from 'react';
import { useText } from '../use-studio.tsx';

interface HubDataProps {
  /** What its button says. */
  action: string;
  disabled: boolean;
  /** @param reference `hub:owner/name` */
  onTake: (reference: string) => void;
}

/** A data set of a hub by its id. */
export function HubData({ action, disabled, onTake }: HubDataProps) {
  const text = useText().study;
  const id = useId();
  const [typed, setTyped] = useState('');
  const name = typed.trim().replace(/^hub:/, '');
  return (
    <form
      className="study-hub"
      onSubmit={(event) => {
        event.preventDefault();
        if (name === '') return;
        onTake(`hub:${name}`);
        setTyped('');
      }}
    >
      <div className="field">
        <label htmlFor={id}>{text.hubData}</label>
        <input
          id={id}
          type="text"
          value={typed}
          placeholder="owner/name/config:split"
          autoComplete="off"
          spellCheck={false}
          disabled={disabled}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <button type="submit" disabled={disabled || name === ''}>
        {action}
      </button>
    </form>
  );
}
