/** Language and theme, kept across visits in local storage where that is allowed. */
import { createStore } from 'zustand/vanilla';

export type Language = 'en' | 'zh';
export type Theme = 'auto' | 'light' | 'dark';

interface Preferences {
  language: Language;
  theme: Theme;
}

const KEY = 'delta-studio.preferences';

/** Stored preferences, or the browser's language and the system's theme. */
function initial(): Preferences {
  const fallback: Preferences = {
    language: typeof navigator !== 'undefined' && navigator.language.startsWith('zh') ? 'zh' : 'en',
    theme: 'auto',
  };
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof Preferences, unknown>
    >;
    return {
      language: stored.language === 'en' || stored.language === 'zh' ? stored.language : fallback.language,
      theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : fallback.theme,
    };
  } catch {
    // Storage may be forbidden (a sandboxed frame) or hold something else: the defaults do.
    return fallback;
  }
}

export const preferences = createStore<Preferences>()(initial);

/** Puts the theme and language on the document, now and on every change, and remembers changes. */
export function applyPreferences(root: HTMLElement): void {
  const apply = ({ language, theme }: Preferences): void => {
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  apply(preferences.getState());
  preferences.subscribe((state) => {
    apply(state);
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  });
}
