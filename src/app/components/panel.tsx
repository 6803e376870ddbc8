import { useId, useState, type ReactNode } from 'react';
import { useNarrow } from '../use-narrow.ts';
import { TakeAlong, type Takes } from './take-along.tsx';

interface Props {
  title: string;
  /** Number of a step of the setup. */
  step?: number;
  /** Stands at the right of the title. */
  aside?: ReactNode;
  /** On a phone it is folded at first, with what it says in a few words beside its title. */
  folds?: boolean | string;
  /** Is never folded away while this holds: something in it wants to be seen. */
  keepOpen?: boolean;
  /** Its charts and tables can be saved: what files are called, and charts that are no drawing of the page. */
  takes?: Takes;
  children: ReactNode;
}

/** A titled card. */
export function Panel({ title, step, aside, folds = false, keepOpen = false, takes, children }: Props) {
  const id = useId();
  const narrow = useNarrow();
  const [opened, setOpened] = useState(false);
  const folding = narrow && folds !== false && !keepOpen;
  const open = !folding || opened;
  const name = <span id={id}>{title}</span>;
  return (
    <section className={folding ? 'panel folds' : 'panel'} aria-labelledby={id}>
      <div className="panel-head">
        <h2>
          {step !== undefined && (
            <span className="step" aria-hidden="true">
              {step}
            </span>
          )}
          {folding ? (
            <button
              type="button"
              className="fold"
              aria-expanded={open}
              aria-controls={`${id}-body`}
              onClick={() => setOpened(!opened)}
            >
              {name}
            </button>
          ) : (
            name
          )}
        </h2>
        {open ? (
          <>
            {aside}
            {takes !== undefined && <TakeAlong title={title} {...takes} />}
          </>
        ) : (
          typeof folds === 'string' && <span className="fold-summary">{folds}</span>
        )}
      </div>
      {folding ? (
        <div id={`${id}-body`} className="fold-body" hidden={!open}>
          {open && children}
        </div>
      ) : (
        children
      )}
    </section>
  );
}
