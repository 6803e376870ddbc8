/** What is known when a part of the page fails, for a person to keep or to send: the comparison first of all. */
import { VERSION } from '../../runs/version.ts';
import { looseJson } from './loose-json.ts';
import type { Studio } from './studio-actions.ts';

/** As one JSON file; what of it cannot be had is left out. */
export async function problemRecord(
  { store, history }: Pick<Studio, 'store' | 'history'>,
  part: string,
  error: unknown,
): Promise<Blob> {
  const { shown, startedSpec, runs, form, device } = store.getState();
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const stored = shown && (await history.attempt((kept) => kept.everything(shown.id)));
  const record = {
    studio: VERSION,
    time: new Date().toISOString(),
    browser: navigator.userAgent,
    adapter: device.value,
    part,
    error: { name, message, stack },
    spec: startedSpec,
    form,
    runs,
    stored,
  };
  return new Blob([looseJson(record)], { type: 'application/json' });
}
