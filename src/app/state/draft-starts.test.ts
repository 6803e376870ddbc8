import { expect, it } from 'vitest';
import {
  keptStarts,
  missingStart,
  startFields,
  startNames,
  startsOfMethod,
  withoutStart,
  withStart,
} from './draft-starts.ts';
import { freshDraft } from './form.ts';

it('a prompt starts from one adapter or from several, another method from the last that was chosen', () => {
  const one = withStart(freshDraft('prompt'), 'init', 'a');
  expect(one.init).toBe('a');
  const two = withStart(withStart(one, 'init', 'b'), 'init', 'b');
  expect(two.init).toEqual(['a', 'b']);
  expect(withoutStart(two, 'init', 'a').init).toBe('b');
  expect(withoutStart(one, 'init', 'a')).toEqual(freshDraft('prompt'));
  const lora = withStart(withStart(freshDraft('lora'), 'init', 'a'), 'init', 'b');
  expect(lora.init).toBe('b');
});

it('what several count as goes with them, and asks for a prompt of the task', () => {
  const two = withStart(withStart(freshDraft('prompt'), 'init', 'a'), 'init', 'b');
  const weighed = { ...two, initWeights: 'similarity' as const };
  expect(missingStart(two)).toBeNull();
  expect(missingStart(weighed)).toBe('initLike');
  const whole = withStart(weighed, 'initLike', 'own');
  expect(missingStart(whole)).toBeNull();
  expect(startFields(whole)).toMatchObject({ init: ['a', 'b'], initWeights: 'similarity', initLike: 'own' });
  expect({ ...freshDraft('prompt'), ...startsOfMethod(startFields(whole)) }).toEqual(whole);
  // Where all count alike the likeness says nothing.
  expect(startFields({ ...whole, initWeights: 'equal' })).toMatchObject({
    init: ['a', 'b'],
    initLike: undefined,
  });
  expect(withoutStart(whole, 'init', 'b')).toEqual({ ...freshDraft('prompt'), init: 'a' });
});

it('a subspace needs prompts, or a run to go on from', () => {
  const plain = freshDraft('ipt');
  expect(missingStart(plain)).toBe('prompts');
  const first = withStart(plain, 'prompts', 'a');
  expect(missingStart(first)).toBeNull();
  expect(startNames(withStart(first, 'prompts', 'b'), 'prompts')).toEqual(['a', 'b']);
  expect(withStart(first, 'prompts', 'b').prompts).toEqual(['a', 'b']);
  expect(missingStart(withStart(plain, 'init', 'run'))).toBeNull();
});

it('of kept starts those stay whose adapters are there, in the form that so many have', () => {
  const known = new Set(['a', 'b', 'like']);
  expect(keptStarts({ adapters: ['a', 'gone', 'b'], prompts: 'a' }, known)).toEqual({
    adapters: ['a', 'b'],
    prompts: ['a'],
  });
  const several = { init: ['a', 'b'], initWeights: 'similarity', initLike: 'like' };
  expect(keptStarts(several, known)).toEqual(several);
  expect(keptStarts({ ...several, init: ['a', 'gone'] }, known)).toEqual({ init: 'a' });
  expect(keptStarts({ init: 5, adapters: [null], initWeights: 'loud' }, known)).toEqual({});
});
