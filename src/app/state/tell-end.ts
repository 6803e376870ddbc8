/** Tells that a comparison has ended to whoever looks elsewhere: in the page's title, and by a notification. */
import { createStore } from 'zustand/vanilla';
import { formatSeconds } from '../format.ts';
import { currentText } from '../i18n/current.ts';
import type { Ending, StudioState } from './studio-state.ts';

const NAME = 'Delta Studio';

/** `ask`: the browser would ask the person, which only a press makes it do. */
type May = 'ask' | 'yes' | 'no';

function mayNow(): May {
  if (typeof Notification === 'undefined') return 'no';
  return ({ default: 'ask', granted: 'yes', denied: 'no' } as const)[Notification.permission];
}

export const tellsEnd = createStore<{ may: May }>()(() => ({ may: mayNow() }));

/** Has the browser ask whether notifications may be shown. */
export async function askToTell(): Promise<void> {
  await Notification.requestPermission();
  tellsEnd.setState({ may: mayNow() });
}

type Told = Pick<StudioState, 'session' | 'ending' | 'runs'>;

/** The page's title: how far it is, how it ended, or the studio's name alone. */
export function titleOf({ session, ending, runs }: Told): string {
  const text = currentText().race;
  if (session === 'idle') return ending === null ? NAME : `${endingText(ending)} · ${NAME}`;
  const all = runs.reduce((sum, run) => sum + run.steps, 0);
  const done = runs.reduce((sum, run) => sum + run.step, 0);
  if (session === 'preparing' || all === 0) return `${currentText().sessionNames.preparing} · ${NAME}`;
  return `${text.percent(Math.floor((100 * done) / all))} · ${NAME}`;
}

export function endingText({ kind, seconds }: Ending): string {
  return currentText().race.ended[kind](formatSeconds(Math.round(seconds), 0));
}

/** Follows the comparison from here on. */
export function tellEnd(
  store: { subscribe(listen: (state: StudioState) => void): unknown },
  page: Pick<Document, 'title' | 'hidden'>,
): void {
  // Listeners that set something are heard before others hear of what came first: an end may be heard of twice.
  let told: Ending | null = null;
  store.subscribe((state) => {
    const title = titleOf(state);
    if (page.title !== title) page.title = title;
    const { ending } = state;
    if (ending === told) return;
    told = ending;
    if (ending === null || !page.hidden || mayNow() !== 'yes') return;
    try {
      new Notification(NAME, { body: endingText(ending), icon: './icon.svg' });
    } catch {
      // Some browsers show notifications of service workers alone; the title says the same.
    }
  });
}
