/** What the memory chart shows: forecast and allocation of what was started, or the form's forecast before that. */
import type { MemoryBytes } from '../../plan/plan.ts';
import type { Fitted } from '../../train/fit-memory.ts';
import { methodGroups } from './method-groups.ts';
import { formToSpec } from './form-spec.ts';
import type { StudioState } from './studio-state.ts';

export interface MemoryRow {
  run: string;
  method: string;
  predicted: MemoryBytes | null;
  allocated: MemoryBytes | null;
  /** What was chosen so that it fits, where a limit was set. */
  fitted?: Fitted;
}

/** Once started, the runs' own figures stay on show, whatever the form asks for next. */
export function memoryRows(state: Pick<StudioState, 'forecast' | 'runs'>): MemoryRow[] {
  const forecasts = state.forecast.value ?? [];
  if (state.runs.length > 0) {
    // Seeds of a method take the same.
    return methodGroups(state.runs).map(({ name, method, runs }) => {
      const memory = runs.find((run) => run.memory !== null)?.memory ?? null;
      const found = forecasts.find(({ run }) => run === name);
      const forecast = found?.memory ?? null;
      const fitted = memory === null ? found?.fitted : memory.fitted;
      return {
        run: name,
        method,
        predicted: memory?.predicted ?? forecast,
        allocated: memory?.allocated ?? null,
        ...(fitted && { fitted }),
      };
    });
  }
  return forecasts.map(({ run, method, memory, fitted }) => ({
    run,
    method,
    predicted: memory,
    allocated: null,
    ...(fitted && { fitted }),
  }));
}

/** Does the form stand for another comparison than the one that was started? */
export function formChanged({
  form,
  model,
  data,
  startedSpec,
}: Pick<StudioState, 'form' | 'model' | 'data' | 'startedSpec'>): boolean {
  if (model.value === null || data.value === null) return true;
  return JSON.stringify(formToSpec(form, model.value, data.value)) !== JSON.stringify(startedSpec);
}
