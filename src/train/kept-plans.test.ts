import { expect, it } from 'vitest';
import type { CompiledRun, CompileRequest } from './compile.ts';
import { KeptPlans } from './kept-plans.ts';

const model = { graph: { initializers: new Map() } };
const request = (more: object = {}): CompileRequest[] => [
  { model, adapter, method: { type: 'head' }, seed: 1, ...more } as unknown as CompileRequest,
];
const adapter = {};
/** Of a run whose delta adds so many numbers. */
function compiled(numbers: number): CompiledRun {
  const initializers = new Map([['delta.own', { dims: [numbers] }]]);
  const branches = [{ model, delta: { graph: { initializers } } }];
  return { branches, training: new Map(), evaluation: new Map() } as unknown as CompiledRun;
}

it('compiles what is asked again once, and anew what differs in anything', () => {
  const kept = new KeptPlans();
  const first = kept.get(request(), () => compiled(4));
  expect(kept.get(request(), () => compiled(4))).toBe(first);
  for (const other of [{ seed: 2 }, { adapter: {} }, { model: { ...model } }])
    expect(kept.get(request(other), () => compiled(4))).not.toBe(first);
  expect(kept.get(request(), () => compiled(4))).toBe(first);
});

it('keeps neither what is refused, nor what holds much, nor what is built of adapters opened apart', () => {
  const kept = new KeptPlans();
  const refuse = (): never => {
    throw new Error('refused');
  };
  expect(() => kept.get(request(), refuse)).toThrow('refused');
  expect(() => kept.get(request(), refuse)).toThrow('refused');
  for (const [more, numbers] of [
    [{ seed: 3 }, 2 ** 22],
    [{ method: { type: 'fusion' } }, 4],
  ] as const) {
    const first = kept.get(request(more), () => compiled(numbers));
    expect(kept.get(request(more), () => compiled(numbers))).not.toBe(first);
  }
});
