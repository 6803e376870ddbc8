/** Which of the page's tabs is open: its address says so, after `#`. */
import { createStore } from 'zustand/vanilla';
import { EXPERIMENT_NAMES, type ExperimentName } from '../../study/study.ts';

export type Tab = 'compare' | 'study';

export const tab = createStore<{ tab: Tab }>()(() => ({ tab: 'compare' }));

export const STUDY_HASH = '#study';

/** The tab of an address, and the experiment that it names; null for an address of something else. */
export function tabOf(hash: string): { tab: Tab; experiment: ExperimentName | null } | null {
  if (hash === '' || hash === '#' || hash === '#compare') return { tab: 'compare', experiment: null };
  const [, name] = /^#study(?:=(.+))?$/.exec(hash) ?? [null];
  if (!hash.startsWith(STUDY_HASH)) return null;
  return { tab: 'study', experiment: EXPERIMENT_NAMES.find((one) => one === name) ?? null };
}

/** Follows the address from now on. @param chosen hears of an experiment that it names */
export function followAddress(chosen: (experiment: ExperimentName) => void): void {
  const follow = (): void => {
    const found = tabOf(location.hash);
    if (found === null) return;
    tab.setState({ tab: found.tab });
    if (found.experiment !== null) chosen(found.experiment);
  };
  follow();
  window.addEventListener('hashchange', follow);
}
