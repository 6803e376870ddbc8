import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { Port } from './state/engine-client.ts';
import { applyPreferences } from './state/preferences.ts';
import { createStudio } from './state/studio.ts';
import { StudioContext } from './use-studio.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/setup.css';
import './styles/comparison.css';

applyPreferences(document.documentElement);
const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
const studio = createStudio(worker as Port, document.baseURI);

// A run lives in this page: ask before it is closed or reloaded in the middle of one.
window.addEventListener('beforeunload', (event) => {
  if (studio.store.getState().session !== 'idle') event.preventDefault();
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
