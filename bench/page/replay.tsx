/** The whole page over a worker that only replays: eight runs of 5,000 steps, as fast as it is told. */
import { createRoot } from 'react-dom/client';
import { App } from '../../src/app/app.tsx';
import type { EnginePort } from '../../src/app/state/engine-life.ts';
import { ReadingRoom } from '../../src/worker/reading/room.ts';
import { createHistory } from '../../src/app/state/history.ts';
import { applyPreferences } from '../../src/app/state/preferences.ts';
import { createStudio } from '../../src/app/state/studio.ts';
import { StudioContext } from '../../src/app/use-studio.tsx';
import type { Reply, Request } from '../../src/protocol/messages.ts';
import { openBrowserStore } from '../../src/runs/storage/open-store.ts';
import { recordedRun, RUNS, STEPS } from './recorded-run.ts';
import '../../src/app/styles/tokens.css';
import '../../src/app/styles/base.css';
import '../../src/app/styles/layout.css';
import '../../src/app/styles/setup.css';
import '../../src/app/styles/methods.css';
import '../../src/app/styles/look-inside.css';
import '../../src/app/styles/comparison.css';
import '../../src/app/styles/outcome.css';
import '../../src/app/styles/history.css';

/** As the worker sends them. */
const SEND_INTERVAL = 100;

class ReplayPort implements EnginePort {
  declare protected readonly nominal: true;
  onmessage: EnginePort['onmessage'] = null;
  onerror: EnginePort['onerror'] = null;
  postMessage({ type }: Request): void {
    // Nothing else is to be answered: model, data and forecast are not part of what is measured.
    if (type === 'ping') this.onmessage?.({ data: { type: 'alive', holds: false } });
  }
  terminate(): void {
    // There is no worker behind it.
  }
  send(reply: Reply): void {
    this.onmessage?.({ data: reply });
  }
}

applyPreferences(document.documentElement);
const port = new ReplayPort();
const room = new ReadingRoom({ start: undefined, locks: undefined });
const history = createHistory({ openStore: openBrowserStore, locks: undefined, storage: undefined, room });
const studio = createStudio({ connect: () => port, locks: undefined }, document.baseURI, history);
createRoot(document.getElementById('root')!).render(
  <StudioContext value={studio}>
    <App />
  </StudioContext>,
);

/** Replays all runs within so many seconds. */
async function replay(seconds: number): Promise<void> {
  const runs = RUNS.map((method, i) => ({ method, events: recordedRun(method, i) }));
  studio.recorder.begin(runs.map(({ method }) => ({ run: method, method, steps: STEPS })));
  port.send({ type: 'state', state: 'running' });
  const ticks = Math.ceil((1000 * seconds) / SEND_INTERVAL);
  for (let tick = 0; tick < ticks; tick++) {
    for (const { method, events } of runs) {
      const [from, to] = [tick, tick + 1].map((at) => Math.floor((at * events.length) / ticks));
      port.send({ type: 'events', run: method, events: events.slice(from, to) });
    }
    await new Promise((resolve) => setTimeout(resolve, SEND_INTERVAL));
  }
}

Object.assign(window, { replay, studio, port });
