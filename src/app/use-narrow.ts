import { useSyncExternalStore } from 'react';

/** Narrower than this the page is one column and what is not asked for is folded. */
const NARROW = '(max-width: 560px)';

function subscribe(listen: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listen);
  return () => query.removeEventListener('change', listen);
}

/** Is the page as narrow as a phone? */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}
