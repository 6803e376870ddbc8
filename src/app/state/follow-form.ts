/** Keeps the form, and what it is about, for the next visit. */
import { allStarts } from './draft-starts.ts';
import type { Form } from './form.ts';
import { keepForm, keepSource } from './kept-form.ts';
import type { Studio } from './studio-actions.ts';

/** Wait after the last change, in milliseconds. */
const DELAY = 300;

/** Names of the saved adapters that a form reads, in the order of the cards. */
const startsOf = ({ methods }: Form): string => JSON.stringify(methods.flatMap((draft) => allStarts(draft)));

export function followForm(studio: Studio): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { form, dataSource } = studio.store.getState();
    keepForm(form, { ...studio.sources(), dataSource });
  };
  studio.store.subscribe((state, before) => {
    const sources = studio.sources();
    const read = state.data.value !== null && state.data.value !== before.data.value;
    if (read && sources.data !== null) void keepSource('data', sources.data);
    const opened = state.model.value !== null && state.model.value !== before.model.value;
    if (opened) void keepSource('model', sources.model);
    if (state.form !== before.form && startsOf(state.form) !== startsOf(before.form)) {
      const named = new Set(state.form.methods.flatMap((draft) => allStarts(draft)));
      void keepSource(
        'adapters',
        sources.adapters.filter(({ name }) => named.has(name)),
      );
    }
    if (state.form === before.form && !read && !opened) return;
    clearTimeout(timer);
    timer = setTimeout(keep, DELAY);
  });
  // What was typed last is not lost with the page.
  addEventListener('pagehide', () => {
    if (timer !== undefined) keep();
  });
}
