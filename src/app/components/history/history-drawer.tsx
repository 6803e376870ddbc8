import { downloadZip } from 'client-zip';
import { useState, type ChangeEvent } from 'react';
import { useStore } from 'zustand';
import type { StoredEntry } from '../../../runs/storage/stored.ts';
import { formatBytes } from '../../format.ts';
import { saveBlob } from '../../save-files.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { EntryList } from './entry-list.tsx';
import { HistoryItem } from './history-item.tsx';
import { Sheet } from './sheet.tsx';

/** All comparisons that this browser keeps. */
export function HistoryDrawer() {
  const text = useText();
  const { history } = useStudio();
  const { open, entries, training, problem, usage, persisted, loading } = useStore(history.store);
  const [saving, setSaving] = useState(false);
  if (!open) return null;
  const close = (): void => history.show(false);
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    if (file !== undefined) void history.importZip(file);
    event.target.value = '';
  };
  const saveZip = async (entry: StoredEntry): Promise<void> => {
    setSaving(true);
    await history.attempt(async () => {
      const files = history.archive(entry);
      const zip = downloadZip(zipEntries(files));
      saveBlob(await zip.blob(), `${entry.comparison.name}.zip`);
    });
    setSaving(false);
  };
  return (
    <Sheet title={text.history.title} place="side" onClose={close}>
      <div className="history-tools">
        <label className="button">
          <input type="file" accept=".zip" className="visually-hidden" onChange={choose} />
          {text.history.importZip}
        </label>
        {usage !== null && (
          <p className="hint">
            {text.history.usage(formatBytes(usage.used), formatBytes(usage.quota))}
            {persisted !== null &&
              `${text.history.then}${persisted ? text.history.persisted : text.history.notPersisted}`}
          </p>
        )}
      </div>
      <ProblemNote problem={problem} />
      {entries.length === 0 && (
        <p className="muted empty">{loading ? text.history.loading : text.history.empty}</p>
      )}
      <EntryList entries={entries}>
        {(entry) => (
          <HistoryItem
            raw={entry}
            entries={entries}
            training={training}
            saving={saving}
            onSave={(whole) => void saveZip(whole)}
            onLeave={close}
          />
        )}
      </EntryList>
    </Sheet>
  );
}

async function* zipEntries(files: AsyncIterable<{ name: string; bytes: Uint8Array<ArrayBuffer> }>) {
  for await (const { name, bytes } of files) yield { name, input: bytes };
}
