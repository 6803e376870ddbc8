import { useEffect, useEffectEvent, useState } from 'react';
import { droppedFiles } from '../dropped-files.ts';
import { parseSpec } from '../../runs/spec.ts';
import type { FolderFile } from '../../protocol/messages.ts';
import {
  dataOfTables,
  sortDrop,
  TABLE_PARTS,
  withPart,
  type DroppedFile,
  type DropUse,
  type SortedDrop,
  type TablePart,
} from '../state/sort-drop.ts';
import { problemOf } from '../state/studio-state.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';

/** Files named at most; of more it says how many. */
const MOST_TOLD = 12;

/** Files dropped anywhere on the page, and what became of each. */
export function PageDrop() {
  const text = useText().drop;
  const studio = useStudio();
  const [over, setOver] = useState(false);
  const [told, setTold] = useState<DroppedFile[]>([]);
  const [tables, setTables] = useState<SortedDrop['tables']>([]);
  const busy = useStudioState((state) => state.session !== 'idle');

  const assign = (path: string, part: TablePart | null): void => {
    const changed = withPart(tables, path, part);
    setTables(changed);
    const partNow = (file: DroppedFile): DropUse => {
      const table = changed.find((one) => one.path === file.path);
      return table === undefined ? file.use : (table.part ?? 'leftOut');
    };
    setTold(told.map((file) => ({ ...file, use: partNow(file) })));
    const data = dataOfTables(changed);
    if (data !== null) void studio.loadData({ kind: 'files', ...data });
  };

  const take = useEffectEvent(async (name: string, files: FolderFile[]): Promise<void> => {
    const { session, dataSource } = studio.store.getState();
    const own = dataSource.kind === 'files' ? dataSource : null;
    const sorted = await sortDrop(files, session !== 'idle', own);
    setTold(sorted.told);
    setTables(sorted.tables);
    const jobs: Promise<unknown>[] = [];
    if (sorted.model.length > 0)
      jobs.push(studio.loadModel({ kind: 'files', name, files: sorted.model }, sorted.data !== null));
    if (sorted.data !== null) jobs.push(studio.loadData({ kind: 'files', ...sorted.data }));
    for (const file of sorted.runs) jobs.push(studio.history.importZip(file));
    if (sorted.runs.length > 0) studio.history.show(true);
    await Promise.all(jobs);
    if (sorted.settings === null) return;
    try {
      const missing = await studio.stored.fillFrom(parseSpec(await sorted.settings.text()));
      if (missing !== null) setTold((all) => [...all, { path: missing, use: 'noModelFile' }]);
    } catch (error) {
      studio.store.setState({ runProblem: problemOf(error) });
    }
  });

  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const drag = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      // A place of its own has taken them.
      if (!carriesFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer!).then(({ name, files }) => {
        if (files.length > 0) return take(name, files);
      });
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);

  return (
    <>
      {over && (
        <div className="page-drop" aria-hidden="true">
          <p>{text.here}</p>
        </div>
      )}
      {told.length > 0 && (
        <section className="drop-told" aria-label={text.title} aria-live="polite">
          <ul>
            {told.slice(0, MOST_TOLD).map(({ path, use }) => (
              <li key={path} data-use={use}>
                <strong>{path}</strong>: {text.uses[use]}
                {tables.length > 1 && tables.some((one) => one.path === path) && (
                  <select
                    aria-label={text.partOf(path)}
                    value={tables.find((one) => one.path === path)?.part ?? ''}
                    disabled={busy}
                    onChange={({ target }) => assign(path, (target.value || null) as TablePart | null)}
                  >
                    {TABLE_PARTS.map((part) => (
                      <option key={part} value={part}>
                        {text.uses[part]}
                      </option>
                    ))}
                    <option value="">{text.notUsed}</option>
                  </select>
                )}
              </li>
            ))}
            {told.length > MOST_TOLD && <li>{text.more(told.length - MOST_TOLD)}</li>}
          </ul>
          <button type="button" className="link" onClick={() => setTold([])}>
            {text.close}
          </button>
        </section>
      )}
    </>
  );
}
