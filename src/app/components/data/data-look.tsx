import { useId, useRef, useState, type KeyboardEvent } from 'react';
import type { TaskSummary } from '../../../protocol/messages.ts';
import { nothing } from '../../state/initial-state.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { Checks } from './checks.tsx';
import { FirstBatch } from './first-batch.tsx';
import { Lengths } from './lengths.tsx';
import { Rows } from './rows.tsx';

const TABS = ['rows', 'batch', 'lengths', 'checks'] as const;
type Tab = (typeof TABS)[number];

interface Props {
  data: TaskSummary['data'];
  /** Which data set, of several tasks, from the first at 0. */
  set: number;
  /** Of a further task. */
  name?: string;
}

/** What is in the files, from four sides. Closed at first; the checks that found something are said outside. */
export function DataLook({ data, set, name }: Props) {
  const text = useText();
  const id = useId();
  const [tab, setTab] = useState<Tab>('rows');
  const [open, setOpen] = useState(false);
  const buttons = useRef<Partial<Record<Tab, HTMLButtonElement | null>>>({});
  const look = useStudioState((state) => state.looks[set]) ?? nothing;
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    setTab(next);
    buttons.current[next]?.focus();
  };
  return (
    <>
      <details className="look" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary aria-label={name === undefined ? undefined : `${name}: ${text.dataStep.look}`}>
          {text.dataStep.look}
        </summary>
        {open && (
          <>
            <div
              role="tablist"
              aria-label={name === undefined ? text.dataStep.look : `${name}: ${text.dataStep.look}`}
              className="tabs"
              onKeyDown={move}
            >
              {TABS.map((name) => (
                <button
                  key={name}
                  ref={(button) => void (buttons.current[name] = button)}
                  id={`${id}-${name}`}
                  type="button"
                  role="tab"
                  aria-selected={tab === name}
                  aria-controls={`${id}-panel`}
                  tabIndex={tab === name ? 0 : -1}
                  onClick={() => setTab(name)}
                >
                  {text.dataStep.tabs[name]}
                </button>
              ))}
            </div>
            <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className="tab-panel">
              {tab === 'rows' ? (
                <Rows key={`${data.files.train} ${data.fileRows.train}`} data={data} set={set} />
              ) : look.value === null ? (
                <>
                  {look.loading && <p className="hint">{text.dataStep.looking}</p>}
                  <ProblemNote problem={look.problem} />
                </>
              ) : tab === 'checks' ? (
                <Checks analysis={look.value} />
              ) : look.value.tokens === null ? (
                <p className="hint">{text.dataStep.needsModel}</p>
              ) : tab === 'batch' ? (
                <FirstBatch batch={look.value.tokens.batch} />
              ) : (
                <Lengths tokens={look.value.tokens} />
              )}
            </div>
          </>
        )}
      </details>
    </>
  );
}
