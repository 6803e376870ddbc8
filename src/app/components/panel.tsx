import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  /** Number of a step of the setup. */
  step?: number;
  /** Stands at the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled card. */
export function Panel({ title, step, aside, children }: Props) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2>
          {step !== undefined && (
            <span className="step" aria-hidden="true">
              {step}
            </span>
          )}
          <span id={id}>{title}</span>
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
