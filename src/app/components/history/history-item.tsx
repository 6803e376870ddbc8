import { useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { entryOrDamage, isDamaged, type DamagedEntry, type RawEntry } from '../../../runs/storage/entry.ts';
import type { StoredEntry } from '../../../runs/storage/stored.ts';
import { saveBlob } from '../../save-files.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';
import { RemoveForm } from './entry-forms.tsx';
import { HistoryEntry } from './history-entry.tsx';

interface Props {
  raw: RawEntry;
  entries: readonly RawEntry[];
  training: ReadonlySet<string>;
  saving: boolean;
  onSave: (entry: StoredEntry) => void;
  /** The history has done its part. */
  onLeave: () => void;
}

/** A comparison as it is stored: one that cannot be read, or shown, says so and harms no other. */
export function HistoryItem({ raw, onSave, ...rest }: Props) {
  const text = useText();
  const say = useSaid();
  const entry = entryOrDamage(raw);
  if (isDamaged(entry)) return <Damaged {...entry} sentence={say(entry.damage)} />;
  const { id, name } = entry.comparison;
  return (
    <ErrorBoundary
      resetKeys={[raw]}
      fallback={<Damaged id={id} name={name} sentence={text.guard.broken(name)} />}
    >
      <HistoryEntry {...rest} entry={entry} onSave={() => onSave(entry)} />
    </ErrorBoundary>
  );
}

/** What is left to do with it: keep what there is of it, or be rid of it. */
function Damaged({ id, name, sentence }: Pick<DamagedEntry, 'id' | 'name'> & { sentence: string }) {
  const text = useText();
  const { history } = useStudio();
  const [asking, setAsking] = useState(false);
  const save = async (): Promise<void> => {
    const file = await history.rescue(id);
    if (file !== null) saveBlob(file, `${name}.json`);
  };
  return (
    <article className="history-entry" data-comparison={id} data-state="damaged">
      <div className="history-head">
        <h3>{name}</h3>
        <span className="badge">{text.history.damaged}</span>
      </div>
      <p className="problem">{sentence}</p>
      <div className="history-actions">
        <button
          type="button"
          className="quiet"
          aria-label={text.history.ofEntry(text.history.rescue, name)}
          onClick={() => void save()}
        >
          {text.history.rescue}
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={text.history.ofEntry(text.history.remove, name)}
          onClick={() => setAsking(true)}
        >
          {text.history.remove}
        </button>
      </div>
      {asking && <RemoveForm id={id} name={name} onDone={() => setAsking(false)} />}
    </article>
  );
}
