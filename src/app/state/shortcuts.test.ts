import { expect, it } from 'vitest';
import { shortcutAction, type Key } from './shortcuts.ts';

const press = (key: string, more: Partial<Record<keyof Key, unknown>> = {}): Key =>
  ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more }) as Key;

it('maps keys to actions', () => {
  expect(shortcutAction(press('s'))).toBe('start');
  expect(shortcutAction(press('S', { shiftKey: true }))).toBe('stop');
  expect(shortcutAction(press('p'))).toBe('pauseResume');
  expect(shortcutAction(press('n'))).toBe('step');
  expect(shortcutAction(press('x'))).toBeNull();
});

it('leaves keys to the browser and to fields', () => {
  expect(shortcutAction(press('s', { ctrlKey: true }))).toBeNull();
  expect(shortcutAction(press('p', { target: { tagName: 'INPUT', type: 'text' } }))).toBeNull();
  expect(shortcutAction(press('p', { target: { tagName: 'TEXTAREA' } }))).toBeNull();
  expect(shortcutAction(press('p', { target: { tagName: 'INPUT', type: 'checkbox' } }))).toBe('pauseResume');
});
