import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useText } from '../../use-studio.tsx';

interface Props {
  title: string;
  /** `side` stands at the edge of the screen, `middle` over its centre. */
  place: 'side' | 'middle';
  onClose: () => void;
  children: ReactNode;
}

/** A modal sheet: the browser keeps the focus in it and closes it on Escape. Mounted while it is open. */
export function Sheet({ title, place, onClose, children }: Props) {
  const text = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the page: only then does the browser give the focus back to where it came from.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sheet ${place}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop is the dialog itself; what stands in it is not.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="sheet-body">
        <div className="panel-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="quiet" onClick={onClose}>
            {text.history.close}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
