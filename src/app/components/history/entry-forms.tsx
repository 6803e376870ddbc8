import { useState } from 'react';
import { useStudio, useText } from '../../use-studio.tsx';

interface Props {
  id: string;
  name: string;
  onDone: () => void;
}

/** A new name for a comparison. */
export function RenameForm({ id, name, onDone }: Props) {
  const text = useText();
  const { history } = useStudio();
  const [typed, setTyped] = useState(name);
  return (
    <form
      className="history-ask"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = typed.trim();
        if (wanted !== '') void history.rename(id, wanted).then(onDone);
      }}
    >
      <label>
        <span className="hint">{text.history.renameTo}</span>
        <input type="text" value={typed} autoFocus onChange={(event) => setTyped(event.target.value)} />
      </label>
      <button type="submit" disabled={typed.trim() === ''}>
        {text.history.save}
      </button>
      <button type="button" onClick={onDone}>
        {text.history.cancel}
      </button>
    </form>
  );
}

/** Asks once more before a comparison is gone. */
export function RemoveForm({ id, name, onDone }: Props) {
  const text = useText();
  const { history } = useStudio();
  return (
    <div className="history-ask" role="group" aria-label={text.history.remove}>
      <p>{text.history.removeSure(name)}</p>
      <button type="button" autoFocus onClick={() => void history.remove(id).then(onDone)}>
        {text.history.removeYes}
      </button>
      <button type="button" onClick={onDone}>
        {text.history.cancel}
      </button>
    </div>
  );
}
