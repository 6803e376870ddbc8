/** The keyboard's ways to drive a comparison. A sheet of shortcuts lists what stands here. */
import type { Studio } from './studio-actions.ts';

export interface Shortcut {
  /** `KeyboardEvent.key`, lower case. */
  key: string;
  /** With Shift held. */
  shift: boolean;
  action: string;
  /** Key of its description in the dictionary's `compare.shortcuts`. */
  labelKey: 'start' | 'pauseResume' | 'step' | 'stop';
}

export const RUN_SHORTCUTS = [
  { key: 's', shift: false, action: 'start', labelKey: 'start' },
  { key: 'p', shift: false, action: 'pauseResume', labelKey: 'pauseResume' },
  { key: 'n', shift: false, action: 'step', labelKey: 'step' },
  { key: 's', shift: true, action: 'stop', labelKey: 'stop' },
] as const satisfies readonly Shortcut[];

type RunAction = (typeof RUN_SHORTCUTS)[number]['action'];

/** What of a keyboard event decides. */
export type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>;

/** The action of a key press, or null: with other modifiers, or while text is being typed, a key is the field's. */
export function shortcutAction({ key, shiftKey, ctrlKey, metaKey, altKey, target }: Key): RunAction | null {
  if (ctrlKey || metaKey || altKey || isTextField(target)) return null;
  const found = RUN_SHORTCUTS.find((entry) => entry.key === key.toLowerCase() && entry.shift === shiftKey);
  return found?.action ?? null;
}

export function act(studio: Studio, action: RunAction): void {
  const { session } = studio.store.getState();
  if (action === 'start') void studio.start();
  else if (action === 'stop') studio.stop();
  else if (action === 'step') studio.step();
  else if (session === 'paused') studio.resume();
  else studio.pause();
}

function isTextField(target: EventTarget | null): boolean {
  const { tagName, type, isContentEditable } = (target ?? {}) as Partial<HTMLInputElement>;
  if (tagName === 'TEXTAREA' || tagName === 'SELECT' || isContentEditable === true) return true;
  return tagName === 'INPUT' && !['checkbox', 'radio', 'range', 'button', 'file'].includes(type ?? 'text');
}
