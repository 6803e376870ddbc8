/** Language, theme and device, kept across visits in local storage where that is allowed. */
import { createStore } from 'zustand/vanilla';

export type Language = 'en' | 'zh';
export type Theme = 'auto' | 'light' | 'dark';

/** What to compute on: the best there is, or one of them. */
export type AdapterChoice = 'auto' | 'gpu' | 'wasm';

export interface Preferences {
  language: Language;
  theme: Theme;
  adapter: AdapterChoice;
  /** Threads of the processor as typed; empty for as many as there are cores. */
  threads: string;
  /** What was said of the device, once the person has understood. */
  deviceNotice: string;
}

const KEY = 'delta-studio.preferences';

/** Stored preferences, or the browser's language and the system's theme. */
function initial(): Preferences {
  const fallback: Preferences = {
    language: typeof navigator !== 'undefined' && navigator.language.startsWith('zh') ? 'zh' : 'en',
    theme: 'auto',
    adapter: 'auto',
    threads: '',
    deviceNotice: '',
  };
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof Preferences, unknown>
    >;
    return {
      language: stored.language === 'en' || stored.language === 'zh' ? stored.language : fallback.language,
      theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : fallback.theme,
      adapter: stored.adapter === 'gpu' || stored.adapter === 'wasm' ? stored.adapter : fallback.adapter,
      threads: typeof stored.threads === 'string' ? stored.threads : fallback.threads,
      deviceNotice: typeof stored.deviceNotice === 'string' ? stored.deviceNotice : fallback.deviceNotice,
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
