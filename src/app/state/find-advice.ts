/** "Find out for me": pilots on the engine, how far they are, and what they come to, to be taken over. */
import type { StoreApi } from 'zustand/vanilla';
import type { Advising } from '../../protocol/forecasts.ts';
import type { SpecInput } from '../../runs/spec.ts';
import type { EngineClient } from './engine-client.ts';
import { specToForm } from './form-spec.ts';
import type { Form } from './form.ts';
import { problemOf, type AdviceState, type StudioState } from './studio-state.ts';

export const NO_ADVICE: AdviceState = { going: null, found: null, problem: null };

export interface AdviceActions {
  /** Tries methods and rates for so many minutes. */
  begin(minutes: number): Promise<void>;
  /** Ends the pilots; what they have shown so far is told. */
  stop(): void;
  /** The form asks for what was found: that method with its options and its rate, and nothing else. */
  take(): void;
}

interface Input {
  client: EngineClient;
  store: StoreApi<StudioState>;
  spec: () => SpecInput | null;
  setForm: (form: Form) => void;
}

export function adviceActions({ client, store, spec: currentSpec, setForm }: Input): AdviceActions {
  const put = (changed: Partial<AdviceState>): void =>
    store.setState(({ advice }) => ({ advice: { ...advice, ...changed } }));
  return {
    async begin(minutes) {
      const spec = currentSpec();
      const { session, advice } = store.getState();
      if (spec === null || session !== 'idle' || advice.going !== null) return;
      put({ going: { candidates: 0, pilots: [], stopping: false }, found: null, problem: null });
      try {
        const { advised } = await client.ask({ type: 'advise', spec, minutes });
        put({ going: null, found: advised });
      } catch (error) {
        put({ going: null, problem: problemOf(error) });
      }
    },
    stop() {
      const { going } = store.getState().advice;
      if (going === null) return;
      put({ going: { ...going, stopping: true } });
      client.tell({ type: 'stopAdvice' });
    },
    take() {
      const { form, advice } = store.getState();
      if (advice.found === null) return;
      // Steps, data and seeds are the form's own: the pilots were of these.
      const { methods } = specToForm(advice.found.spec);
      setForm({ ...form, methods, combinations: [], json: null });
    },
  };
}

/** Takes in how far the pilots are. */
export function heardAdvising(advice: AdviceState, advising: Advising): AdviceState {
  return advice.going === null ? advice : { ...advice, going: { ...advice.going, ...advising } };
}
