import { useRef, useState } from 'react';
import { trainFiles } from '../../../runs/spec-tasks.ts';
import type { RawEntry } from '../../../runs/storage/entry.ts';
import type { StoredEntry, StoredRunState } from '../../../runs/storage/stored.ts';
import { formatDate, formatMetric } from '../../format.ts';
import { canContinue, entryState } from '../../state/entry-state.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { ConfigTable } from './config-table.tsx';
import { RemoveForm, RenameForm } from './entry-forms.tsx';

interface Props {
  entry: StoredEntry;
  entries: readonly RawEntry[];
  training: ReadonlySet<string>;
  saving: boolean;
  onSave: () => void;
  /** The history has done its part. */
  onLeave: () => void;
}

/** One comparison: what it was, how it came out, what can be done with it. */
export function HistoryEntry({ entry, entries, training, saving, onSave, onLeave }: Props) {
  const text = useText();
  const { stored } = useStudio();
  const { id, name, imported } = entry.comparison;
  const { busy, live, unstored } = useStudioState(({ session, shown, unstored }) => ({
    busy: session !== 'idle',
    unstored: unstored.includes(id),
    live: session !== 'idle' && shown?.kind === 'live' ? shown.id : null,
  }));
  const [asking, setAsking] = useState<'rename' | 'remove' | null>(null);
  const [open, setOpen] = useState(false);
  const renames = useRef<HTMLButtonElement>(null);
  const removes = useRef<HTMLButtonElement>(null);
  /** The focus goes back to where the question came from. */
  const answered = (): void => {
    const asked = asking === 'rename' ? renames : removes;
    setAsking(null);
    asked.current?.focus();
  };
  const { comparison, runs } = entry;
  const state = entryState(entry, training);
  // This tab's own lock is no other tab's.
  const place = live === id ? 'here' : unstored ? 'unstored' : state;
  const own = place === 'here' || place === 'unstored';
  const label = (action: string): string => text.history.ofEntry(action, name);
  const act = (work: Promise<void>): void => {
    onLeave();
    void work;
  };
  return (
    <article className="history-entry" data-comparison={id} data-state={place}>
      <div className="history-head">
        <h3>{name}</h3>
        <span className="badge">{text.history.states[place]}</span>
      </div>
      <p className="hint">
        {formatDate(comparison.created)} · {comparison.model.source} · {trainFiles(comparison.spec)}
        {imported !== undefined && ` · ${text.history.imported(imported.from)}`}
      </p>
      <ul className="history-runs">
        {runs.map((run) => (
          <RunLine key={run.run} entry={entry} run={run} />
        ))}
      </ul>
      <div className="history-actions">
        {canContinue(entry) && !own && state !== 'training' && (
          <button
            type="button"
            className="primary quiet"
            disabled={busy}
            aria-label={label(text.history.goOn)}
            onClick={() => act(stored.goOn(id))}
          >
            {text.history.goOn}
          </button>
        )}
        <button
          type="button"
          className="quiet"
          disabled={busy || own}
          aria-label={label(text.history.reopen)}
          onClick={() => act(stored.reopen(id))}
        >
          {text.history.reopen}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={busy}
          aria-label={label(text.history.newFrom)}
          onClick={() => act(stored.newFrom(entry))}
        >
          {text.history.newFrom}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={saving}
          aria-label={label(text.history.exportZip)}
          onClick={onSave}
        >
          {text.history.exportZip}
        </button>
        <button
          ref={renames}
          type="button"
          className="quiet"
          aria-label={label(text.history.rename)}
          onClick={() => setAsking('rename')}
        >
          {text.history.rename}
        </button>
        <button
          ref={removes}
          type="button"
          className="quiet"
          disabled={own || state === 'training'}
          aria-label={label(text.history.remove)}
          onClick={() => setAsking('remove')}
        >
          {text.history.remove}
        </button>
      </div>
      {asking === 'rename' && <RenameForm id={id} name={name} onDone={answered} />}
      {asking === 'remove' && <RemoveForm id={id} name={name} onDone={answered} />}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{text.history.details}</summary>
        {open && <ConfigTable entry={entry} entries={entries} />}
      </details>
    </article>
  );
}

function RunLine({ entry, run }: { entry: StoredEntry; run: StoredRunState }) {
  const text = useText();
  const { stored } = useStudio();
  const nameOf = useMethodName();
  const { overlaid, shown } = useStudioState((state) => ({
    overlaid: state.overlays.some((overlay) => overlay.overlay === `${entry.comparison.id}/${run.run}`),
    shown: state.shown?.id === entry.comparison.id,
  }));
  const header = entry.comparison.runs.find((one) => one.run === run.run)!;
  const best = run.summary?.best;
  const metric = header.spec.training.metric;
  const last = run.summary?.last?.metrics[metric];
  const value = best?.value ?? last;
  const steps = run.summary?.steps ?? 0;
  return (
    <li>
      <span>{nameOf(header)}</span>
      <span className="number">
        {value === undefined
          ? text.history.noMetric
          : text.history.best(text.metricNames[metric] ?? metric, formatMetric(metric, value))}
      </span>
      <span className="hint number">
        {text.history.steps(steps, header.steps)}
        {run.checkpoint !== null && `, ${text.history.resumesAt(run.checkpoint.step)}`}
      </span>
      {!shown && (
        <label className="history-overlay">
          <input
            type="checkbox"
            checked={overlaid}
            aria-label={text.history.overlayOf(nameOf(header), entry.comparison.name)}
            onChange={() => void stored.toggleOverlay(entry, run.run)}
          />
          <span className="hint">{text.history.overlay}</span>
        </label>
      )}
    </li>
  );
}
