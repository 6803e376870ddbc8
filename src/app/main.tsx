import '../protocol/without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { isolate } from './isolate.ts';
import type { EnginePort } from './state/engine-life.ts';
import { openLink } from './state/open-link.ts';
import { listenToKeys } from './state/sheets.ts';
import { listenToPolicy } from './state/policy-stops.ts';
import { followForm } from './state/follow-form.ts';
import { NOTHING_KEPT, readKept } from './state/kept-form.ts';
import { followAddress } from './state/tab.ts';
import { tellEnd } from './state/tell-end.ts';
import { deviceWish } from './state/device-wish.ts';
import { applyPreferences, preferences } from './state/preferences.ts';
import { openBrowserStore } from '../runs/storage/open-store.ts';
import { createHistory } from './state/history.ts';
import { createStudio } from './state/studio.ts';
import { startEngine, startReader } from './start-worker.ts';
import { ReadingRoom } from '../worker/reading/room.ts';
import { StudioContext } from './use-studio.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/setup.css';
import './styles/methods.css';
import './styles/race.css';
import './styles/verdict.css';
import './styles/look-inside.css';
import './styles/comparison.css';
import './styles/outcome.css';
import './styles/written.css';
import './styles/history.css';
import './styles/study.css';

applyPreferences(document.documentElement);
listenToPolicy(document);
const browser = navigator as Partial<Pick<Navigator, 'locks' | 'storage' | 'serviceWorker'>>;
const again = await isolate(
  {
    crossOriginIsolated,
    isSecureContext,
    serviceWorker: browser.serviceWorker,
    // Storage may be forbidden, and then throws when it is asked for.
    session: {
      getItem: (key) => sessionStorage.getItem(key),
      setItem: (key, value) => sessionStorage.setItem(key, value),
      removeItem: (key) => sessionStorage.removeItem(key),
    },
    reload: () => location.reload(),
  },
  './isolation.js',
);
// The page that comes in its place does the rest.
if (again) await new Promise<never>(() => {});

const history = createHistory({
  openStore: openBrowserStore,
  locks: browser.locks,
  storage: browser.storage,
  room: new ReadingRoom({ start: startReader, locks: browser.locks }),
});
const connect = (): EnginePort => startEngine() as EnginePort;
const wish = () => deviceWish(location.search, preferences.getState());
// A link brings a form of its own.
const kept = location.hash.startsWith('#spec=') ? NOTHING_KEPT : await readKept();
const studio = createStudio({ connect, locks: browser.locks }, document.baseURI, history, wish, kept);
followForm(studio);
followAddress((experiment) => studio.study.change((form) => ({ ...form, experiment })));
void studio.study.readKept();
void openLink(studio);
listenToKeys(studio);
tellEnd(studio.store, document);

// Runs are worth keeping: ask the browser for it when the first one starts.
const unsubscribe = studio.store.subscribe(({ session }) => {
  if (session === 'idle') return;
  unsubscribe();
  void browser.storage?.persist?.().catch(() => false);
});

// A link that is opened in this tab while it is there already.
window.addEventListener('hashchange', () => void openLink(studio));

// A run lives in this page: ask before it is closed or reloaded in the middle of one, or before it is stored.
window.addEventListener('beforeunload', (event) => {
  const { session, unstored } = studio.store.getState();
  if (session !== 'idle' || unstored.length > 0) event.preventDefault();
});

const root = document.getElementById('root');
if (root === null) throw new Error('internal: index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <StudioContext value={studio}>
      <App />
    </StudioContext>
  </StrictMode>,
);
