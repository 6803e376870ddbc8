/** Keeps what is known of the model's inside up to date with the form, in the background. */
import type { ModelTree } from '../../protocol/tree.ts';
import type { EngineClient } from './engine-client.ts';
import { formToSpec } from './form-spec.ts';
import type { StudioState } from './studio-state.ts';

/** Wait after the last change, in milliseconds: after the forecast, which matters more. */
const DELAY = 800;

export function followTree(
  store: { getState(): StudioState; subscribe(listen: () => void): unknown },
  client: EngineClient,
  put: (tree: ModelTree | null) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: (Pick<StudioState, 'form'> & { model: unknown; data: unknown; idle: boolean }) | null = null;
  let newest = 0;
  let pending = false;
  const answered = (mine: number, tree: ModelTree | null): void => {
    if (mine !== newest) return;
    pending = false;
    put(tree);
  };
  store.subscribe(() => {
    const { form, model, data, session } = store.getState();
    // The engine gives it up when it is to read other data or another model.
    if (pending && (data.loading || model.loading)) {
      last = null;
      newest++;
      pending = false;
      clearTimeout(timer);
      put(null);
    }
    if (last === null && (data.loading || model.loading)) return;
    const now = { form, model: model.value, data: data.value, idle: session === 'idle' };
    const same =
      last?.form === form && last.model === now.model && last.data === now.data && last.idle === now.idle;
    if (same) return;
    const otherModel = last !== null && last.model !== now.model;
    last = now;
    const mine = ++newest;
    clearTimeout(timer);
    if (otherModel) put(null);
    if (!now.idle || model.value === null || data.value === null) return;
    const spec = formToSpec(form, model.value, data.value);
    if (spec === null) return;
    pending = true;
    timer = setTimeout(() => {
      client.ask({ type: 'modelTree', spec }).then(
        ({ tree }) => answered(mine, tree),
        // What is wrong with the spec stands where the forecast is.
        () => answered(mine, null),
      );
    }, DELAY);
  });
}
