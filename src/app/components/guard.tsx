import type { ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { problemRecord } from '../state/problem-record.ts';
import { saveBlob } from '../save-files.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';

interface Props {
  /** What stands in it, as its heading says; the page itself where it is left out. */
  title?: string;
  children: ReactNode;
}

/**
 * Keeps a defect of one part of the page to that part: it says so, offers what is known of it as a file, and can be
 * tried again. Another comparison on show is tried of itself.
 */
export function Guard({ title, children }: Props) {
  const shown = useStudioState((state) => state.shown?.id ?? null);
  const session = useStudioState((state) => state.session);
  return (
    <ErrorBoundary
      resetKeys={[shown, session]}
      fallbackRender={({ error, resetErrorBoundary }) => (
        <Broken title={title} error={error} onRetry={resetErrorBoundary} />
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

function Broken({ title, error, onRetry }: { title?: string; error: unknown; onRetry: () => void }) {
  const text = useText();
  const studio = useStudio();
  const save = async (): Promise<void> => {
    saveBlob(await problemRecord(studio, title ?? 'page', error), 'delta-studio-problem.json');
  };
  return (
    <section className="panel broken" aria-label={title ?? text.guard.page}>
      <p className="problem" role="alert">
        {title === undefined ? text.guard.pageBroken : text.guard.broken(title)}
      </p>
      <div className="broken-actions">
        <button type="button" onClick={onRetry}>
          {text.guard.again}
        </button>
        <button type="button" onClick={() => void save()}>
          {text.guard.save}
        </button>
      </div>
    </section>
  );
}
