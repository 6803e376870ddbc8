/** The catalogue is what the methods take: every option under its name, defaults within their bounds. */
import { describe, expect, it } from 'vitest';
import { readSpec } from '../runs/spec.ts';
import { StudioError } from '../errors.ts';
import { CATALOGUE, defaultOptions, placesOf, type OptionInfo } from './catalogue.ts';
import { METHOD_TYPES } from './defaults.ts';

const withMethod = (method: object): object => ({
  model: { source: 'builtin:x' },
  data: { train: 'train.tsv' },
  method,
});

/** Where a method is refused; null when it is taken. */
function refusedAt(method: object): string | null {
  try {
    readSpec(withMethod(method));
    return null;
  } catch (error) {
    if (error instanceof StudioError) return error.where ?? '';
    throw error;
  }
}

/** Values an option takes and values it must not. */
function samples(option: OptionInfo): { good: unknown[]; bad: unknown[] } {
  switch (option.kind) {
    case 'integer':
      return { good: [option.min, ...option.usual], bad: [option.min - 1, 1.5, '8', null] };
    case 'number': {
      const { min, minOpen, max, maxOpen, usual } = option;
      const bad = [minOpen ? min : min - 1e-9, 'x', null];
      if (max !== undefined) bad.push(maxOpen ? max : max + 1e-9);
      return { good: [...usual, ...(minOpen ? [min + 1e-9] : [min])], bad };
    }
    case 'choice':
      return { good: [...option.choices], bad: ['something else', 1] };
    case 'flag':
      return { good: [true, false], bad: ['yes', 1] };
    case 'targets':
      return { good: [['q'], ['/layer/']], bad: [[], 'q', [''], ['/(/']] };
    case 'byRole':
      return { good: [{ q: 2 }, {}], bad: [{ q: 0 }, ...(option.integer ? [{ q: 1.5 }] : []), [2]] };
  }
}

describe.each(METHOD_TYPES)('%s', (type) => {
  it('has defaults that the spec takes, and places in a layer', () => {
    // Prompts that span a subspace are no option: there are none by default.
    const prompts = type === 'ipt' ? { prompts: ['a', 'b'] } : {};
    expect(refusedAt({ ...defaultOptions(type), ...prompts })).toBeNull();
    expect(placesOf(defaultOptions(type)).length).toBeGreaterThan(0);
    expect(CATALOGUE[type].learningRate).toBeGreaterThan(0);
  });

  it('takes what its options say and refuses the rest by the field', () => {
    for (const option of CATALOGUE[type].options) {
      const { good, bad } = samples(option);
      for (const value of good)
        expect(
          // Some starts are from a saved adapter.
          refusedAt({ type, init: 'saved', [option.name]: value }),
          `${option.name} ${JSON.stringify(value)}`,
        ).toBeNull();
      for (const value of bad)
        expect(refusedAt({ type, [option.name]: value }), `${option.name} ${JSON.stringify(value)}`).toMatch(
          new RegExp(`^method\\.${option.name}`),
        );
    }
    expect(refusedAt({ type, nonsense: 1 })).toBe('method.nonsense');
  });
});

describe('places', () => {
  it('follow the options', () => {
    const adapter = defaultOptions('adapter');
    if (adapter.type !== 'adapter') throw new Error('not an adapter');
    expect(placesOf(adapter)).toEqual(['afterAttention', 'afterFfn']);
    expect(placesOf({ ...adapter, placement: 'parallel' })).toEqual(['besideFfn']);
    expect(placesOf({ type: 'ia3', targets: ['encoder.0.self.k', 'query', 'ffn.out'] })).toEqual([
      'k',
      'ffn.out',
    ]);
  });
});
