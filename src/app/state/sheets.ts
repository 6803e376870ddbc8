/** Sheets over the page, and the keys that open them or change how the page looks. */
import { createStore } from 'zustand/vanilla';
import { preferences, type Theme } from './preferences.ts';
import type { Studio } from './studio-actions.ts';

export const sheets = createStore<{ shortcuts: boolean; device: boolean }>()(() => ({
  shortcuts: false,
  device: false,
}));

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** Keys of the page as a whole; those of a run stand in `shortcuts.ts`. */
export const PAGE_SHORTCUTS = [
  { key: '?', action: 'help' },
  { key: 'h', action: 'history' },
  { key: 't', action: 'theme' },
  { key: 'l', action: 'language' },
] as const;

export type PageAction = (typeof PAGE_SHORTCUTS)[number]['action'];

/** The action of a key press; null with other modifiers, or while something is typed. */
export function pageAction(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>) {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (ctrlKey || metaKey || altKey || takesText(target)) return null;
  return PAGE_SHORTCUTS.find((shortcut) => shortcut.key === key.toLowerCase())?.action ?? null;
}

/** Acts on keys from now on. */
export function listenToKeys(studio: Studio): void {
  document.addEventListener('keydown', (event) => {
    const action = pageAction(event);
    // What is open has the keyboard to itself.
    if (action === null || document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    act(studio, action);
  });
}

function act(studio: Studio, action: PageAction): void {
  const { theme, language } = preferences.getState();
  if (action === 'help') sheets.setState({ shortcuts: true });
  else if (action === 'history') studio.history.show(true);
  else if (action === 'theme')
    preferences.setState({ theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] });
  else preferences.setState({ language: language === 'en' ? 'zh' : 'en' });
}

function takesText(target: EventTarget | null): boolean {
  const { tagName, type, isContentEditable } = (target ?? {}) as Partial<HTMLInputElement>;
  if (tagName === 'TEXTAREA' || tagName === 'SELECT' || isContentEditable === true) return true;
  return tagName === 'INPUT' && !['checkbox', 'radio', 'range', 'button', 'file'].includes(type ?? 'text');
}
