/** "Measure this device": how far it is, and what it came to. */
import type { StoreApi } from 'zustand/vanilla';
import type { MeasureProgress } from '../../measure/measure.ts';
import type { EngineClient } from './engine-client.ts';
import { problemOf, type MeasureState, type StudioState } from './studio-state.ts';

export const NOT_MEASURED: MeasureState = { going: null, found: null, problem: null };

export interface MeasureActions {
  begin(): Promise<void>;
  stop(): void;
}

export function measureActions(client: EngineClient, store: StoreApi<StudioState>): MeasureActions {
  const put = (changed: Partial<MeasureState>): void =>
    store.setState(({ measuring }) => ({ measuring: { ...measuring, ...changed } }));
  return {
    async begin() {
      const { session, measuring } = store.getState();
      if (session !== 'idle' || measuring.going !== null) return;
      put({ going: { progress: null, stopping: false }, found: null, problem: null });
      try {
        const { measurement } = await client.ask({ type: 'measure' });
        put({ going: null, found: measurement });
      } catch (error) {
        put({ going: null, problem: problemOf(error) });
      }
    },
    stop() {
      const { going } = store.getState().measuring;
      if (going === null) return;
      put({ going: { ...going, stopping: true } });
      client.tell({ type: 'stopMeasuring' });
    },
  };
}

/** Takes in how far it is. */
export function heardMeasuring(measuring: MeasureState, progress: MeasureProgress): MeasureState {
  return measuring.going === null ? measuring : { ...measuring, going: { ...measuring.going, progress } };
}
