/** What the memory chart shows: the forecast of the form, or forecast and allocation of what was started. */
import type { MemoryBytes } from '../../plan/plan.ts';
import { formToSpec } from './form-spec.ts';
import type { StudioState } from './studio.ts';

export interface MemoryRow {
  run: string;
  method: string;
  predicted: MemoryBytes | null;
  allocated: MemoryBytes | null;
}

/** The part of the state that the chart depends on. */
export type MemoryState = Pick<
  StudioState,
  'forecast' | 'runs' | 'session' | 'form' | 'model' | 'data' | 'startedSpec'
>;

/**
 * Once started, the runs' own figures stay on show until the form asks for something else; then the
 * forecast of the form takes their place.
 */
export function memoryRows(state: MemoryState): MemoryRow[] {
  const forecasts = state.forecast.value ?? [];
  if (state.runs.length > 0 && (state.session !== 'idle' || !formChanged(state))) {
    return state.runs.map(({ run, method, memory }) => ({
      run,
      method,
      predicted: memory?.predicted ?? forecasts.find((forecast) => forecast.run === run)?.memory ?? null,
      allocated: memory?.allocated ?? null,
    }));
  }
  return forecasts.map(({ run, method, memory }) => ({ run, method, predicted: memory, allocated: null }));
}

/** Does the form stand for another comparison than the one that was started? */
function formChanged({ form, model, data, startedSpec }: MemoryState): boolean {
  if (model.value === null || data.value === null) return true;
  return JSON.stringify(formToSpec(form, model.value, data.value)) !== JSON.stringify(startedSpec);
}
