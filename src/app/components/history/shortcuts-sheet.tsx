import { useStore } from 'zustand';
import { RUN_SHORTCUTS } from '../../state/shortcuts.ts';
import { PAGE_SHORTCUTS, sheets } from '../../state/sheets.ts';
import { useText } from '../../use-studio.tsx';
import { Sheet } from './sheet.tsx';

/** What the keyboard does. */
export function ShortcutsSheet() {
  const text = useText();
  const open = useStore(sheets, ({ shortcuts }) => shortcuts);
  if (!open) return null;
  const rows = [
    ...RUN_SHORTCUTS.map(({ key, shift, labelKey }) => ({
      keys: `${shift ? 'Shift ' : ''}${key.toUpperCase()}`,
      what: text.compare.shortcuts[labelKey],
    })),
    ...PAGE_SHORTCUTS.map(({ key, action }) => ({ keys: key.toUpperCase(), what: text.shortcuts[action] })),
    { keys: 'Esc', what: text.shortcuts.close },
  ];
  return (
    <Sheet title={text.shortcuts.title} place="middle" onClose={() => sheets.setState({ shortcuts: false })}>
      <dl className="shortcuts">
        {rows.map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{text.shortcuts.fields}</p>
    </Sheet>
  );
}
