import { expect, it } from 'vitest';
import { initialState } from './initial-state.ts';
import { startObstacle } from './start-obstacle.ts';
import type { Kept } from './kept-form.ts';
import type { StudioState } from './studio-state.ts';

const nothing = { loading: false, value: null, problem: null };
const broken = { ...nothing, problem: { message: 'no table', internal: false } };

it('says whether model and data are missing, being read, or not to be used', () => {
  const device = { ...nothing, value: {} };
  const told = (model: object, data: object) =>
    startObstacle({
      ...initialState({ form: null, model: null, data: null, adapters: null, again: [] } as unknown as Kept),
      device,
      model,
      data,
    } as unknown as StudioState)?.kind;
  expect(told(nothing, nothing)).toBe('noModel');
  expect(told({ ...nothing, loading: true }, nothing)).toBe('readingModel');
  // A file that was chosen and could not be read is not "no file".
  expect(told(broken, nothing)).toBe('modelUnusable');
  const model = { ...nothing, value: { problem: null } };
  expect(told(model, nothing)).toBe('noData');
  expect(told(model, { ...nothing, loading: true })).toBe('readingData');
  expect(told(model, broken)).toBe('dataUnusable');
});
