/** A comparison in the page's address: it fills the form, once, and leaves the address clean. */
import { specFromHash } from '../../runs/link.ts';
import { currentText } from '../i18n/current.ts';
import { problemOf } from './studio-state.ts';
import type { Studio } from './studio-actions.ts';

/** Reads `location.hash`; what is wrong with a link is said where the comparison starts. */
export async function openLink(studio: Studio): Promise<void> {
  const { hash } = location;
  try {
    const spec = specFromHash(hash);
    if (spec === null) return;
    history.replaceState(null, '', location.pathname + location.search);
    await loaded(studio);
    const missing = await studio.stored.fillFrom(spec);
    if (missing !== null) {
      const message = currentText().history.linkNeedsFiles(missing);
      studio.store.setState({ runProblem: { message, internal: false } });
    }
  } catch (error) {
    history.replaceState(null, '', location.pathname + location.search);
    studio.store.setState({ runProblem: problemOf(error) });
  }
}

/** Resolves when what the page opens with is there: a link is then held against it. */
function loaded({ store }: Studio): Promise<void> {
  return new Promise((resolve) => {
    const check = (): boolean => {
      const { model, data } = store.getState();
      const done = !model.loading && !data.loading && (model.value ?? model.problem) !== null;
      if (done) resolve();
      return done;
    };
    if (check()) return;
    const unsubscribe = store.subscribe(() => {
      if (check()) unsubscribe();
    });
  });
}
